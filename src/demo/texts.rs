//! What residents write and what they are answered: natural Russian from parts, and now and then the kind
//! of invented personal data that people put where it does not belong, so that masking can be proven.

use super::dictionary::SECTORS;
use super::draw::Draw;
use crate::data::{Appeal, NEVER};

#[rustfmt::skip]
const STREETS: &[&str] = &[
    "Победы", "Садовой", "Лесной", "Заречной", "Школьной", "Мира", "Полевой", "Набережной", "Вокзальной",
    "Кирпичной", "Ольховой", "Молодёжной", "Фабричной", "Луговой", "Песчаной", "Тихой",
];
#[rustfmt::skip]
const SINCE: &[&str] = &[
    "со вчерашнего вечера", "третий день", "с понедельника", "уже неделю", "с самого утра", "вторую ночь подряд",
    "с начала месяца", "после выходных",
];
#[rustfmt::skip]
const ASKS: &[&str] = &[
    "Прошу принять меры.", "Когда исправят?", "Просим разобраться.", "Помогите, пожалуйста.",
    "Диспетчер трубку не берёт.", "Уже обращались, ответа нет.", "Ходить опасно, рядом школа.", "В доме маленькие дети.",
];
#[rustfmt::skip]
const REPLIES: &[&str] = &[
    "Работы выполнены, адрес взят на контроль.", "Бригада выехала, срок устранения до конца дня.",
    "Неисправность устранена, приносим извинения.", "Включено в план работ на ближайшую неделю.",
    "Проведена проверка, подрядчику выдано предписание.", "Услуга восстановлена, сделан перерасчёт.",
];
// Invented names and numbers: none belongs to anybody.
const NAMES: &[&str] = &["Иван Берёзкин", "Анна Ольхова", "Пётр Кленов", "Мария Рябинина", "Олег Соснин"];

/// What the resident wrote; the same for the same seed and appeal.
pub fn appeal(seed: u64, appeal: &Appeal) -> String {
    let mut draw = Draw::new(seed, appeal.id ^ 0x7E_7E);
    let topics = SECTORS.iter().flat_map(|s| s.5);
    let name = topics.map(|t| t.1).nth(usize::from(appeal.topic)).unwrap_or("Обращение");
    let pick = |draw: &mut Draw, from: &[&'static str]| from[draw.below(from.len())];
    let street = pick(&mut draw, STREETS);
    let place = match draw.below(4) {
        0 => format!("на улице {street}"),
        1 => format!("по улице {street}, у магазина"),
        2 => format!("возле остановки на {street}"),
        _ => format!("на {street}, д. {}", 1 + draw.below(90)),
    };
    let since = pick(&mut draw, SINCE);
    let ask = pick(&mut draw, ASKS);
    let lower = name.to_lowercase();
    let mut text = match draw.below(4) {
        0 => format!("{name} {place} {since}. {ask}"),
        1 => format!("Здравствуйте! {place} {lower} {since}. {ask}"),
        2 => format!("{}: {lower}, {since}. {ask}", capitalised(&place)),
        _ => format!("{name}. {} {since}. {ask}", capitalised(&place)),
    };
    match draw.below(24) {
        0 => text.push_str(&format!(" Меня зовут {}, тел. {}.", pick(&mut draw, NAMES), phone(&mut draw))),
        1 => text.push_str(&format!(" Звоните: {}.", phone(&mut draw))),
        2 => text.push_str(&format!(" Пишите на zhitel{}@example.org.", draw.below(900) + 100)),
        3 => text.push_str(&format!(" Квартира {}, {}.", 1 + draw.below(180), pick(&mut draw, NAMES))),
        _ => {}
    }
    text
}

/// What the resident was answered, once there is an answer.
pub fn reply(seed: u64, appeal: &Appeal) -> Option<String> {
    let mut draw = Draw::new(seed, appeal.id ^ 0x0E_51);
    (appeal.answered != NEVER).then(|| REPLIES[draw.below(REPLIES.len())].to_owned())
}

fn phone(draw: &mut Draw) -> String {
    format!("+7 900 {:03}-{:02}-{:02}", draw.below(1000), draw.below(100), draw.below(100))
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
