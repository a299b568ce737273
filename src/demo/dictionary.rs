//! Sectors, topics, channels and agencies of the fictional region.

use crate::data::region::{Boundaries, Dictionaries, Municipality, Term, Topic};

/// Code, name, icon, weight in January, weight in July, topics.
type Sector = (&'static str, &'static str, &'static str, f64, f64, &'static [TopicRow]);
/// Code, name, due hours, weight within the sector, agency.
type TopicRow = (&'static str, &'static str, u32, f64, usize);

#[rustfmt::skip]
pub const SECTORS: &[Sector] = &[
    ("housing", "ЖКХ", "house-line", 30.0, 18.0, &[
        ("heating", "Нет отопления", 24, 5.0, 0), ("leak", "Протечка кровли или труб", 72, 4.0, 1),
        ("hot-water", "Нет горячей воды", 24, 3.0, 0), ("entrance", "Грязь в подъезде", 120, 3.0, 1),
        ("lift", "Не работает лифт", 24, 2.0, 2), ("bills", "Ошибка в начислениях", 240, 2.0, 3)]),
    ("roads", "Дороги", "road-horizon", 14.0, 16.0, &[
        ("pothole", "Яма на дороге", 72, 5.0, 4), ("marking", "Нет разметки", 240, 1.5, 4),
        ("snow-road", "Не убран снег с дороги", 24, 3.0, 5), ("sign", "Повреждён дорожный знак", 72, 1.0, 4),
        ("lights", "Не работает светофор", 24, 1.0, 4)]),
    ("landscaping", "Благоустройство", "tree", 12.0, 16.0, &[
        ("lamp", "Не горит фонарь", 72, 4.0, 6), ("yard", "Не убран двор", 72, 3.0, 5),
        ("playground", "Сломана детская площадка", 240, 2.0, 7), ("ice", "Гололёд на тротуаре", 24, 3.0, 5),
        ("grass", "Не скошена трава", 120, 2.0, 7)]),
    ("waste", "Отходы", "trash", 10.0, 12.0, &[
        ("overflow", "Не вывезен мусор", 24, 5.0, 8), ("dump", "Стихийная свалка", 240, 2.0, 8),
        ("container", "Сломан контейнер", 120, 1.5, 8)]),
    ("transport", "Транспорт", "bus", 8.0, 8.0, &[
        ("late-bus", "Автобус не пришёл по расписанию", 72, 4.0, 9), ("stop", "Нет навеса на остановке", 240, 1.5, 9),
        ("crowded", "Переполнен автобус", 240, 2.0, 9)]),
    ("health", "Здравоохранение", "first-aid-kit", 9.0, 6.0, &[
        ("appointment", "Нет записи к врачу", 72, 4.0, 10), ("ambulance", "Долго ехала скорая", 72, 1.0, 10),
        ("medicine", "Нет льготного лекарства", 72, 2.0, 11), ("queue", "Очередь в поликлинике", 120, 2.0, 10)]),
    ("education", "Образование", "graduation-cap", 5.0, 4.0, &[
        ("kindergarten", "Место в детском саду", 240, 2.0, 12), ("school-food", "Питание в школе", 120, 2.0, 12),
        ("school-cold", "Холодно в классе", 24, 1.5, 12)]),
    ("social", "Социальная защита", "hand-heart", 4.0, 4.0, &[
        ("payment", "Не пришла выплата", 120, 3.0, 13), ("benefit", "Оформление льготы", 240, 2.0, 13),
        ("care", "Помощь на дому", 120, 1.0, 13)]),
    ("construction", "Строительство", "crane", 3.0, 5.0, &[
        ("noise", "Шум стройки ночью", 72, 2.0, 14), ("fence", "Повреждено ограждение", 120, 1.0, 14),
        ("delay", "Задержка сдачи дома", 720, 1.5, 14)]),
    ("ecology", "Экология", "drop", 2.0, 4.0, &[
        ("smell", "Запах гари", 72, 2.0, 15), ("river", "Загрязнение реки", 240, 1.0, 15),
        ("trees", "Незаконная вырубка", 240, 1.0, 16)]),
    ("security", "Безопасность", "shield-check", 2.0, 3.0, &[
        ("dogs", "Безнадзорные собаки", 120, 3.0, 17), ("parking", "Парковка на газоне", 120, 2.0, 18),
        ("fire", "Захламлён пожарный выход", 72, 1.0, 18)]),
    ("services", "Госуслуги и МФЦ", "identification-card", 1.6, 2.0, &[
        ("mfc-queue", "Очередь в МФЦ", 120, 2.0, 19), ("document", "Задержка документа", 240, 2.0, 19),
        ("site", "Не работает портал", 24, 1.0, 20)]),
];

/// Code, name, icon, weight.
#[rustfmt::skip]
pub const CHANNELS: &[(&str, &str, &str, f64)] = &[
    ("portal", "Портал области", "globe", 28.0), ("gosuslugi", "Госуслуги", "identification-card", 22.0),
    ("social", "Социальные сети", "chats-circle", 19.0), ("hotline", "Горячая линия", "phone", 14.0),
    ("app", "Мобильное приложение", "device-mobile", 9.0), ("reception", "Приёмная", "envelope", 4.0),
    ("emergency", "Служба 112", "siren", 3.0), ("agencies", "Ведомства", "buildings", 1.0),
];

#[rustfmt::skip]
const AGENCIES: [(&str, &str); 30] = [
    ("heat", "Теплосети области"), ("housing", "Управляющие компании"), ("lifts", "Лифтовая служба"),
    ("billing", "Единый расчётный центр"), ("roads", "Дорожный комитет"), ("cleaning", "Служба уборки"),
    ("light", "Областной свет"), ("parks", "Служба благоустройства"), ("waste", "Региональный оператор"),
    ("transport", "Комитет по транспорту"), ("health", "Министерство здравоохранения"),
    ("pharmacy", "Областная фармация"), ("education", "Министерство образования"),
    ("social", "Министерство социальной защиты"), ("building", "Строительный надзор"),
    ("ecology", "Министерство экологии"), ("forest", "Лесная охрана"), ("animals", "Ветеринарная служба"),
    ("inspection", "Административная инспекция"), ("mfc", "Сеть МФЦ"), ("digital", "Центр цифрового развития"),
    ("water", "Водоканал"), ("gas", "Газовая служба"), ("power", "Электросети"), ("culture", "Министерство культуры"),
    ("sport", "Министерство спорта"), ("labour", "Служба занятости"), ("trade", "Управление торговли"),
    ("property", "Земельный комитет"), ("archive", "Архивная служба"),
];

/// The icons of topics, by code.
#[rustfmt::skip]
const TOPIC_ICONS: [(&str, &str); 44] = [
    ("heating", "thermometer-cold"), ("leak", "drop"), ("hot-water", "shower"), ("entrance", "broom"),
    ("lift", "elevator"), ("bills", "receipt"), ("pothole", "traffic-cone"), ("marking", "road-horizon"),
    ("snow-road", "snowflake"), ("sign", "signpost"), ("lights", "traffic-signal"), ("lamp", "lightbulb"),
    ("yard", "leaf"), ("playground", "balloon"), ("ice", "person-simple-walk"), ("grass", "plant"),
    ("overflow", "trash"), ("dump", "recycle"), ("container", "package"), ("late-bus", "bus"), ("stop", "umbrella"),
    ("crowded", "users"), ("appointment", "calendar-check"), ("ambulance", "ambulance"), ("medicine", "pill"),
    ("queue", "users-three"), ("kindergarten", "baby"), ("school-food", "fork-knife"),
    ("school-cold", "thermometer-cold"), ("payment", "wallet"), ("benefit", "identification-card"),
    ("care", "hand-heart"), ("noise", "speaker-high"), ("fence", "barricade"), ("delay", "hourglass"),
    ("smell", "flame"), ("river", "waves"), ("trees", "tree"), ("dogs", "dog"), ("parking", "car"),
    ("fire", "fire-extinguisher"), ("mfc-queue", "users-three"), ("document", "file-text"), ("site", "globe"),
];

fn icon_of(topic: &str) -> Option<&'static str> {
    TOPIC_ICONS.iter().find(|(code, _)| *code == topic).map(|(_, icon)| *icon)
}

/// What is said where the whole name has no room: topics, channels, agencies, sectors, by code.
#[rustfmt::skip]
const SHORT: [&[(&str, &str)]; 4] = [
    &[
        ("heating", "Тепло"), ("leak", "Протечки"), ("hot-water", "Вода"), ("entrance", "Подъезд"), ("lift", "Лифты"),
        ("bills", "Счета"), ("pothole", "Ямы"), ("marking", "Разметка"), ("snow-road", "Снег"), ("sign", "Знаки"),
        ("lights", "Светофоры"), ("lamp", "Освещение"), ("yard", "Дворы"), ("playground", "Площадки"), ("ice", "Гололёд"),
        ("grass", "Трава"), ("overflow", "Мусор"), ("dump", "Свалки"), ("container", "Баки"), ("late-bus", "Опоздания"),
        ("stop", "Остановки"), ("crowded", "Давка"), ("appointment", "Запись"), ("ambulance", "Скорая"),
        ("medicine", "Лекарства"), ("queue", "Очереди"), ("kindergarten", "Детсады"), ("school-food", "Питание"),
        ("school-cold", "Холод"), ("payment", "Выплаты"), ("benefit", "Льготы"), ("care", "Уход"), ("noise", "Шум"),
        ("fence", "Заборы"), ("delay", "Задержки"), ("smell", "Гарь"), ("river", "Реки"), ("trees", "Вырубка"),
        ("dogs", "Собаки"), ("parking", "Парковка"), ("fire", "Выходы"), ("mfc-queue", "Очереди"),
        ("document", "Документы"), ("site", "Портал"),
    ],
    &[
        ("portal", "Портал"), ("social", "Соцсети"), ("app", "Приложение"), ("hotline", "Линия 122"), ("emergency", "112"),
    ],
    &[
        ("heat", "Теплосети"), ("housing", "УК и ТСЖ"), ("lifts", "Лифты"), ("billing", "Расчёты"), ("roads", "Дорком"),
        ("cleaning", "Уборка"), ("light", "Свет"), ("parks", "Парки"), ("waste", "Отходы"), ("transport", "Транспорт"),
        ("health", "Минздрав"), ("pharmacy", "Фармация"), ("education", "Минобр"), ("social", "Соцзащита"),
        ("building", "Стройка"), ("ecology", "Экология"), ("forest", "Лес"), ("animals", "Ветслужба"),
        ("inspection", "Инспекция"), ("mfc", "МФЦ"), ("digital", "Цифра"), ("power", "Электросети"),
    ],
    &[
        ("landscaping", "Дворы"), ("health", "Медицина"), ("education", "Школы"), ("social", "Соцзащита"),
        ("construction", "Стройка"), ("security", "Порядок"), ("services", "Госуслуги"),
    ],
];

/// The dictionaries, with the municipalities of `boundaries`.
pub fn dictionaries(boundaries: &Boundaries) -> Dictionaries {
    let short = |table: usize, code: &str| {
        SHORT[table].iter().find(|(known, _)| *known == code).map(|(_, short)| (*short).to_owned())
    };
    let term = |code: &str, name: &str, short: Option<String>, icon: Option<&str>| Term {
        code: code.to_owned(),
        name: name.to_owned(),
        short,
        icon: icon.map(str::to_owned),
        from_rows: false,
    };
    let topics = SECTORS.iter().enumerate().flat_map(|(sector, (.., topics))| {
        topics.iter().map(move |(code, name, due_hours, ..)| Topic {
            code: (*code).to_owned(),
            name: (*name).to_owned(),
            short: short(0, code),
            icon: icon_of(code).map(str::to_owned),
            sector: sector as u16,
            due_hours: *due_hours,
            from_rows: false,
        })
    });
    Dictionaries {
        region: "Заволоцкая область".to_owned(),
        centre: "ЦУР Заволоцкой области".to_owned(),
        time_zone: "Europe/Moscow".to_owned(),
        demo: true,
        attribution: None,
        sectors: SECTORS.iter().map(|(code, name, icon, ..)| term(code, name, short(3, code), Some(icon))).collect(),
        topics: topics.collect(),
        channels: CHANNELS.iter().map(|(code, name, icon, _)| term(code, name, short(1, code), Some(icon))).collect(),
        agencies: AGENCIES.iter().map(|(code, name)| term(code, name, short(2, code), None)).collect(),
        municipalities: boundaries
            .municipalities
            .iter()
            .map(|m| Municipality { name: m.name.clone(), population: m.population.unwrap_or(0), from_rows: false })
            .collect(),
        translations: [("en".to_owned(), super::english::translation())].into(),
    }
}
