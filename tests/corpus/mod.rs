//! The corpus: `{...}` stands around what is personal. Nobody in it exists.
#![allow(clippy::literal_string_with_formatting_args)]

/// A stream of numbers that is the same every time.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn of<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    fn digits(&mut self, n: usize) -> String {
        (0..n).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }
}

// Given name, patronymic, in the nominative and the dative; some of the names are rare on purpose.
const MEN: &[(&str, &str, &str, &str)] = &[
    ("Иван", "Петрович", "Ивану", "Петровичу"),
    ("Сергей", "Ильич", "Сергею", "Ильичу"),
    ("Олег", "Андреевич", "Олегу", "Андреевичу"),
    ("Пётр", "Никитич", "Петру", "Никитичу"),
    ("Руслан", "Маратович", "Руслану", "Маратовичу"),
    ("Ашот", "Гагикович", "Ашоту", "Гагиковичу"),
    ("Фрол", "Силантьевич", "Фролу", "Силантьевичу"),
    ("Евграф", "Мефодьевич", "Евграфу", "Мефодьевичу"),
    ("Ильдар", "Рафикович", "Ильдару", "Рафиковичу"),
    ("Лев", "Яковлевич", "Льву", "Яковлевичу"),
    ("Роман", "Юрьевич", "Роману", "Юрьевичу"),
];
const WOMEN: &[(&str, &str, &str, &str)] = &[
    ("Анна", "Сергеевна", "Анне", "Сергеевне"),
    ("Мария", "Ивановна", "Марии", "Ивановне"),
    ("Ольга", "Львовна", "Ольге", "Львовне"),
    ("Надежда", "Павловна", "Надежде", "Павловне"),
    ("Вера", "Ильинична", "Вере", "Ильиничне"),
    ("Любовь", "Михайловна", "Любови", "Михайловне"),
    ("Гузель", "Ринатовна", "Гузели", "Ринатовне"),
    ("Наталья", "Кузьминична", "Наталье", "Кузьминичне"),
    ("Светлана", "Юрьевна", "Светлане", "Юрьевне"),
    ("Устинья", "Карповна", "Устинье", "Карповне"),
    ("Алёна", "Фёдоровна", "Алёне", "Фёдоровне"),
];
// Masculine, feminine, masculine in the dative, feminine in the dative.
const SURNAMES: &[(&str, &str, &str, &str)] = &[
    ("Берёзкин", "Берёзкина", "Берёзкину", "Берёзкиной"),
    ("Кленов", "Кленова", "Кленову", "Кленовой"),
    ("Рябинин", "Рябинина", "Рябинину", "Рябининой"),
    ("Соснин", "Соснина", "Соснину", "Сосниной"),
    ("Заозёрский", "Заозёрская", "Заозёрскому", "Заозёрской"),
    ("Журавко", "Журавко", "Журавко", "Журавко"),
    ("Гнатюк", "Гнатюк", "Гнатюку", "Гнатюк"),
    ("Мелконян", "Мелконян", "Мелконяну", "Мелконян"),
    ("Чхетиани", "Чхетиани", "Чхетиани", "Чхетиани"),
    ("Долгих", "Долгих", "Долгих", "Долгих"),
    ("Галиуллин", "Галиуллина", "Галиуллину", "Галиуллиной"),
    ("Ольхова", "Ольхова", "Ольховой", "Ольховой"),
    ("Кот", "Кот", "Коту", "Кот"),
    ("Мороз", "Мороз", "Морозу", "Мороз"),
    ("Салтыков-Лещин", "Салтыкова-Лещина", "Салтыкову-Лещину", "Салтыковой-Лещиной"),
];
const STREETS: &[&str] = &[
    "Победы",
    "Садовой",
    "Лесной",
    "Заречной",
    "Школьной",
    "Мира",
    "Набережной",
    "Вокзальной",
    "Ольховой",
    "Молодёжной",
    "8 Марта",
    "Космонавта Волкова",
];
const STREETS_NOMINATIVE: &[&str] = &[
    "Победы",
    "Садовая",
    "Лесная",
    "Заречная",
    "Школьная",
    "Мира",
    "Вокзальная",
    "Тихая",
    "Ленина",
    "Гагарина",
    "Советская",
];
const PROBLEMS: &[&str] = &[
    "нет отопления",
    "не горит фонарь",
    "не вывозят мусор",
    "протекает крыша",
    "яма на дороге",
    "сломан лифт",
    "нет горячей воды",
    "гололёд на тротуаре",
    "бродячие собаки у школы",
    "не убран снег",
    "шумят по ночам",
    "затопило подвал",
];
const SINCE: &[&str] =
    &["третий день", "с понедельника", "уже неделю", "с самого утра", "вторую ночь подряд", "с 12.11.2026", "с 8 утра"];

fn phone(draw: &mut Draw) -> String {
    let (a, b, c, d) = (draw.digits(2), draw.digits(3), draw.digits(2), draw.digits(2));
    match draw.below(14) {
        0 => format!("+7 9{a} {b}-{c}-{d}"),
        1 => format!("8 (9{a}) {b}-{c}-{d}"),
        2 => format!("89{a}{b}{c}{d}"),
        3 => format!("+79{a}{b}{c}{d}"),
        4 => format!("8-9{a}-{b}-{c}-{d}"),
        5 => format!("9{a} {b} {c} {d}"),
        6 => format!("8.9{a}.{b}.{c}.{d}"),
        7 => format!("8 9{a} {b}{c}{d}"),
        8 => format!("8 (49232) 2-{c}-{d}"),
        9 => format!("2-{c}-{d}"),
        10 => format!("+7(9{a}){b}{c}{d}"),
        11 => format!("7 9{a} {b} {c}{d}"),
        12 => format!("8_9{a}_{b}_{c}_{d}"),
        _ => format!("5{}-{c}-{d}", draw.digits(1)),
    }
}

fn mail(draw: &mut Draw) -> String {
    let name = draw.of(&["berezkin", "anna.k", "o_sosnin", "kot-1987", "житель", "m.r"]);
    let site = draw.of(&["example.org", "mail.example.com", "почта.example"]);
    match draw.below(4) {
        0 => format!("{name}(at){site}"),
        1 => format!("{name} @ {site}"),
        _ => format!("{name}{}@{site}", draw.digits(2)),
    }
}

fn handle(draw: &mut Draw) -> String {
    let tail = draw.digits(3);
    match draw.below(8) {
        0 => format!("@berezkin_{tail}"),
        1 => format!("vk.com/id{tail}45"),
        2 => format!("https://vk.ru/kot{tail}"),
        3 => format!("t.me/anna_{tail}"),
        4 => format!("ok.ru/profile/{tail}678"),
        5 => format!("https://example.org/people/{tail}"),
        6 => format!("wa.me/7900{tail}4455"),
        _ => format!("телеграм: sosnin{tail}"),
    }
}

fn document(draw: &mut Draw) -> (String, String) {
    let d = |draw: &mut Draw, n| draw.digits(n);
    match draw.below(12) {
        0 => ("СНИЛС".into(), format!("{}-{}-{} {}", d(draw, 3), d(draw, 3), d(draw, 3), d(draw, 2))),
        1 => ("снилс:".into(), d(draw, 11)),
        2 => ("паспорт".into(), format!("{} {}", d(draw, 4), d(draw, 6))),
        3 => ("Паспорт серия".into(), format!("{} {} № {}", d(draw, 2), d(draw, 2), d(draw, 6))),
        4 => ("ИНН".into(), d(draw, 12)),
        5 => ("карта".into(), format!("2200 {} {} {}", d(draw, 4), d(draw, 4), d(draw, 4))),
        6 => ("на карту".into(), format!("2202{}", d(draw, 12))),
        7 => ("лицевой счёт".into(), d(draw, 9)),
        8 => ("л/с №".into(), d(draw, 8)),
        9 => ("полис ОМС".into(), d(draw, 16)),
        10 => ("договор №".into(), d(draw, 6)),
        _ => (
            "дата рождения".into(),
            format!("{:02}.{:02}.19{}", 1 + draw.below(28), 1 + draw.below(12), 50 + draw.below(49)),
        ),
    }
}

fn plate(draw: &mut Draw) -> String {
    const L: &[&str] = &["А", "В", "Е", "К", "М", "Н", "О", "Р", "С", "Т", "У", "Х"];
    let (a, b, c) = (draw.of(L), draw.of(L), draw.of(L));
    let (n, r) = (draw.digits(3), draw.of(&["33", "77", "133", "750"]));
    match draw.below(5) {
        0 => format!("{a} {n} {b}{c} {r}"),
        1 => format!("{a}{n}{b}{c}"),
        2 => format!("{a}{n}{b}{c}{r}").to_lowercase(),
        3 => format!("{a}{n}{b}{c} {r} RUS"),
        _ => format!("{a}{n}{b}{c}{r}"),
    }
}

/// A person in one of the ways of writing, in the nominative and in the dative.
fn person(draw: &mut Draw) -> (String, String) {
    let woman = draw.below(2) == 0;
    let (name, father, to_name, to_father) =
        if woman { WOMEN[draw.below(WOMEN.len())] } else { MEN[draw.below(MEN.len())] };
    let s = SURNAMES[draw.below(SURNAMES.len())];
    let (surname, to_surname) = if woman { (s.1, s.3) } else { (s.0, s.2) };
    let initial = |word: &str| word.chars().next().unwrap();
    match draw.below(9) {
        0 => (format!("{surname} {name} {father}"), format!("{to_surname} {to_name} {to_father}")),
        1 => (format!("{name} {father} {surname}"), format!("{to_name} {to_father} {to_surname}")),
        2 => (format!("{name} {surname}"), format!("{to_name} {to_surname}")),
        3 => (format!("{name} {father}"), format!("{to_name} {to_father}")),
        4 => {
            let both = format!("{}. {}.", initial(name), initial(father));
            (format!("{both} {surname}"), format!("{both} {to_surname}"))
        }
        5 => {
            let both = format!("{}.{}.", initial(name), initial(father));
            (format!("{surname} {both}"), format!("{to_surname} {both}"))
        }
        6 => (format!("{surname} {name}"), format!("{to_surname} {to_name}")),
        _ => (format!("{name} {father} {surname}"), format!("{to_name} {to_father} {to_surname}")),
    }
}

fn home(draw: &mut Draw) -> String {
    let (street, house, flat) = (draw.of(STREETS_NOMINATIVE), 1 + draw.below(90), 1 + draw.below(200));
    let at = draw.of(STREETS);
    match draw.below(14) {
        0 => format!("ул. {street}, {{д. {house}}}, {{кв. {flat}}}"),
        1 => format!("улица {street}, {{дом {house}}}"),
        2 => format!("{street}, {{{house}-{flat}}}"),
        3 => format!("на {at}, {{{house}}}"),
        4 => format!("ул. {street} {{{house}а}}"),
        5 => format!("{street} {{{house}/2}}"),
        6 => format!("на {at} в {{доме {house}}}, {{квартира {flat}}}"),
        7 => format!("пр. {street}, {{д.{house} к.2}}, {{кв.{flat}}}"),
        8 => format!("по адресу {street}, {{{house}}}, {{кв {flat}}}"),
        9 => format!("{{дом № {house}}} по улице {street}"),
        10 => format!("мкр. Северный, {{д. {house}}}, {{подъезд 3}}, {{этаж 5}}"),
        11 => format!("ул. {street}, {{{house} корп. 1}}"),
        12 => format!("пер. {street}, {{дом {house}\"Б\"}}"),
        _ => format!("в {{доме номер {house}}} на {at}"),
    }
}

/// Generated lines and those written by hand.
pub fn lines() -> Vec<String> {
    let mut draw = Draw(7);
    let mut lines = Vec::new();
    for _ in 0..1500 {
        let (problem, since, street) = (draw.of(PROBLEMS), draw.of(SINCE), draw.of(STREETS));
        let (who, to_whom) = person(&mut draw);
        let line = match draw.below(22) {
            0 => format!(
                "Здравствуйте! На {street} {problem} {since}. Меня зовут {{{who}}}, тел. {{{}}}.",
                phone(&mut draw)
            ),
            1 => format!("{problem} {since}. С уважением, {{{who}}}"),
            2 => format!("Прошу перезвонить: {{{}}}, {{{who}}}", phone(&mut draw)),
            3 => format!("Пишите на {{{}}}, на {street} {problem}", mail(&mut draw)),
            4 => format!("Фото выложил: {{{}}}. {problem} {since}", handle(&mut draw)),
            5 => {
                let (what, number) = document(&mut draw);
                format!("Прошу пересчитать, {what} {{{number}}}, {problem}")
            }
            6 => format!("Машина {{{}}} стоит на газоне {since}", plate(&mut draw)),
            7 => format!("По адресу: {} {problem} {since}", home(&mut draw)),
            8 => format!("{} – {problem}. Звоните {{{}}}", home(&mut draw), phone(&mut draw)),
            9 => format!("Спасибо {{{to_whom}}} за помощь, всё починили"),
            10 => format!("Обращалась к мастеру {{{to_whom}}}, {problem} {since}"),
            11 => format!("Заявитель: {{{who}}}, {}, телефон {{{}}}", home(&mut draw), phone(&mut draw)),
            12 => format!("Моя мама {{{who}}} инвалид, {problem}, помогите"),
            13 => format!("Контакт для связи {{{}}} или {{{}}}", phone(&mut draw), mail(&mut draw)),
            14 => format!("{{{who}}}, {}. {problem} {since}", home(&mut draw)),
            15 => format!("Набрал {{{}}}, диспетчер не отвечает, {problem}", phone(&mut draw)),
            16 => format!("Сообщил {{{to_whom}}}, ответа нет, {problem}"),
            17 => format!("Участковый врач {{{who}}} отказал в приёме {since}"),
            18 => format!("{problem} у соседей: {}, прошу проверить", home(&mut draw)),
            19 => {
                format!("Мой номер {{{}}}, ник {{{}}}", phone(&mut draw), handle(&mut draw).replace("телеграм: ", ""))
            }
            20 => format!("Нарушитель на авто {{{}}}, {}", plate(&mut draw), home(&mut draw)),
            _ => format!("Директор школы № {} {{{who}}} не отвечает, {problem}", 1 + draw.below(30)),
        };
        lines.push(line);
    }
    for _ in 0..500 {
        let (problem, since, street) = (draw.of(PROBLEMS), draw.of(SINCE), draw.of(STREETS));
        let n = 2 + draw.below(28);
        let line = match draw.below(24) {
            0 => format!("На {street} {problem} {since}, жителей {n} человек"),
            1 => format!("В доме {n} подъездов, и в каждом {problem}"),
            2 => format!("Автобус {n} не пришёл, ждали 40 минут, {since}"),
            3 => format!("Заплатили {n} 500 рублей, а {problem}"),
            4 => format!("Школа № {n}: в классах холодно, {n} градусов"),
            5 => format!("С 12.11.2026 по 20.11.2026 {problem}"),
            6 => format!("Дома {n} дней {problem}, терпения нет"),
            7 => format!("В 14:05 приехала бригада, через {n} минут уехала, {problem}"),
            8 => format!("Температура минус {n}, {problem}, замерзаем"),
            9 => format!("В Каменогорье {problem} {since}"),
            10 => format!("Поликлиника № {n}, очередь {n} человек, врача нет"),
            11 => format!("Счёт вырос на {n} %, почему такие начисления"),
            12 => format!("Вывезли {n} тонн мусора, а {problem}"),
            13 => format!("На улице {street} {problem}, света нет {n} суток"),
            14 => format!("Обращались {n} раз, {problem} {since}"),
            15 => format!("Маршрут {n} ходит через раз, {problem}"),
            16 => format!("Обещали к 20 ноября, {problem} {since}"),
            17 => format!("Вера в ремонт потеряна, {problem}"),
            18 => format!("Надежда только на вас: {problem} {since}"),
            19 => format!("Собака покусала ребёнка {n} лет, {problem}"),
            20 => format!("Ремонт дороги стоил {n} млн рублей, а на ней снова ямы"),
            21 => format!("В посёлке {n} домов, и во всех {problem}"),
            22 => format!("Детский сад № {n}, нет мест {since}"),
            _ => format!("{n} фонарей не горит на {street}, {since}"),
        };
        lines.push(line);
    }
    lines.extend(
        include_str!("by-hand.txt").lines().filter(|l| !l.is_empty() && !l.starts_with('#')).map(str::to_owned),
    );
    lines
}
