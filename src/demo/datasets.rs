//! Tables that are not appeals: 148 service points, power outages, waste rounds, national projects,
//! announcements, the weather, the results of two years. All are functions of the seed and the hour.

use serde_json::{Map, Value, json};

use super::World;
use super::draw::Draw;
use crate::native_api::DatasetAnswer;

/// The names of all datasets.
pub const NAMES: [&str; 7] =
    ["announcements", "service-points", "outages", "waste-rounds", "projects", "weather", "results"];

/// The dataset called `name` as it is at `now`, in seconds since 1970.
pub fn dataset(world: &World, name: &str, now: i64) -> Option<DatasetAnswer> {
    let hour = now.div_euclid(3600);
    let records = match name {
        "announcements" => announcements(world, hour),
        "service-points" => service_points(world, hour),
        "outages" => outages(world, hour),
        "waste-rounds" => waste_rounds(world, now),
        "projects" => projects(world, now),
        "weather" => weather(world, now),
        "results" => results(world, now),
        _ => return None,
    };
    let records = records.into_iter().map(|value| value.as_object().cloned().unwrap_or_else(Map::new)).collect();
    // The names of points and projects are the centre's own.
    // What the centre itself announces is published; what residents write in their thanks is not.
    let published = if name == "announcements" { vec!["text".to_owned()] } else { vec!["name".to_owned()] };
    Some(DatasetAnswer { name: name.to_owned(), records, published })
}

fn town(world: &World, draw: &mut Draw) -> (usize, String) {
    let all = &world.region.dictionaries.municipalities;
    let index = draw.below(all.len());
    (index, all[index].name.clone())
}

fn announcements(world: &World, hour: i64) -> Vec<Value> {
    let mut draw = Draw::new(world.seed(), (hour / 3) as u64 ^ 0xA11);
    let until = (hour + 6).rem_euclid(24);
    let mut texts = vec![
        format!("Уборка дорог: на линии {} машин", 180 + draw.below(160)),
        format!("Снегопад до {until}:00, усилены {} бригад", 20 + draw.below(12) * 5),
        format!("{}: приём главы округа в 16:00", town(world, &mut draw).1),
        format!("Ночью до −{} °C, тепло на контроле", 8 + draw.below(14)),
        format!("{}: водовод восстановлен", town(world, &mut draw).1),
        "Запись к врачу: портал работает штатно".to_owned(),
        format!("{}: открыт новый пункт МФЦ", town(world, &mut draw).1),
        format!("Вывоз отходов: выполнено {} % рейсов", 91 + draw.below(8)),
    ];
    // In the warm months nobody clears snow.
    if (5..=9).contains(&world.month_of(hour * 3600)) {
        texts[1] = format!("Жара до {until}:00, пляжи под наблюдением");
        texts[3] = "Ночью сильный ветер, парки под надзором".to_owned();
    }
    texts.into_iter().map(|text| json!({ "text": text })).collect()
}

fn service_points(world: &World, hour: i64) -> Vec<Value> {
    let mut draw = Draw::new(world.seed(), 0x5E1);
    (0..148)
        .map(|number| {
            let (municipality, name) = town(world, &mut draw);
            let capacity = 40 + 10 * draw.below(30);
            let busy = 0.25 + 0.7 * draw.unit();
            let of_day = [0.1, 0.6, 1.0, 0.7][(hour.rem_euclid(24) / 6) as usize];
            let at = world.region.boundaries.municipalities[municipality].centre.unwrap_or_default();
            json!({
                "number": number + 1, "name": format!("{name}, пункт № {}", number % 7 + 1), "municipality": municipality,
                "capacity": capacity, "booked": (capacity as f64 * busy * of_day) as u64,
                "lon": at.x() + 0.08 * (draw.unit() - 0.5), "lat": at.y() + 0.04 * (draw.unit() - 0.5),
            })
        })
        .collect()
}

fn outages(world: &World, hour: i64) -> Vec<Value> {
    let mut draw = Draw::new(world.seed(), (hour / 4) as u64 ^ 0x0A7);
    (0..draw.below(7))
        .map(|_| {
            let (municipality, name) = town(world, &mut draw);
            json!({ "municipality": municipality, "name": name, "houses": 4 + draw.below(180),
                    "began": (hour / 4) * 4 * 3600, "restored_by": (hour / 4 + 1) * 4 * 3600 })
        })
        .collect()
}

fn waste_rounds(world: &World, now: i64) -> Vec<Value> {
    let day = world.day_of(now);
    let of_day = ((now + 3 * 3600).rem_euclid(86_400) as f64 / 64_800.0).min(1.0);
    let mut draw = Draw::new(world.seed(), day as u64 ^ 0xBA5);
    let all = &world.region.dictionaries.municipalities;
    all.iter()
        .enumerate()
        .map(|(municipality, m)| {
            let planned = 6 + m.population / 4000;
            let share = (of_day * (0.9 + 0.14 * draw.unit())).min(1.0);
            json!({ "municipality": municipality, "name": m.name, "planned": planned, "done": (f64::from(planned) * share) as u32 })
        })
        .collect()
}

fn projects(world: &World, now: i64) -> Vec<Value> {
    let mut draw = Draw::new(world.seed(), 0x9A0);
    let of_year = (now.rem_euclid(31_557_600)) as f64 / 31_557_600.0;
    ["Дороги", "Школы", "Поликлиники", "Чистая вода", "Городская среда", "Культура", "Спорт", "Цифровые услуги"]
        .iter()
        .map(|name| {
            let plan = 20 + draw.below(80);
            let fact = (plan as f64 * of_year * (0.86 + 0.2 * draw.unit())).min(plan as f64) as u64;
            json!({ "name": name, "plan": plan, "fact": fact, "plan_to_date": (plan as f64 * of_year) as u64 })
        })
        .collect()
}

/// The weather now and every third hour of the day to come, as the season has it.
fn weather(world: &World, now: i64) -> Vec<Value> {
    let hour = now.div_euclid(3600);
    let of_season = f64::from(world.month_of(now)) - 7.0;
    // Twenty degrees in July, ten below zero in January.
    let mean = 5.0 + 15.0 * (of_season / 6.0 * std::f64::consts::PI).cos();
    let at = |hour: i64| {
        let mut draw = Draw::new(world.seed(), (hour / 6) as u64 ^ 0x3EA);
        let of_day = 3.5 * ((hour + 3 - 15) as f64 / 12.0 * std::f64::consts::PI).cos();
        let temperature = (mean + of_day + 4.0 * (draw.unit() - 0.5)).round();
        let wet = if temperature > 2.0 { "rain" } else { "snow" };
        let condition = ["clear", "partly-cloudy", "cloudy", "cloudy", wet, wet][draw.below(6)];
        json!({ "time": hour * 3600, "temperature_c": temperature, "condition": condition, "wind_m_s": 1 + draw.below(9) })
    };
    std::iter::once(at(hour)).chain((1..=8).map(|step| at((hour / 3 + step) * 3))).collect()
}

/// The months of the last two whole years, as a yearly report has them: what was received, repeated and postponed in
/// each, and what was overdue at its end. From one year to the next they change as the headline results of a region do:
/// 27 and 65 per cent less, 4.5 and 14 times less.
fn results(world: &World, now: i64) -> Vec<Value> {
    const MONTHS: usize = 12;
    let last = world.year_of(now) - 1;
    let mut draw = Draw::new(world.seed(), 0x2E5);
    let mut season = |month: usize| {
        let of_year = (month + 1) as f64 / 6.0 * std::f64::consts::PI;
        1.0 + 0.1 * of_year.cos() + 0.05 * (draw.unit() - 0.5)
    };
    // What a year came to, by months that weigh so much.
    let parted = |whole: f64, weights: &[f64; MONTHS]| {
        let sum: f64 = weights.iter().sum();
        weights.map(|weight| (whole * weight / sum).round() as u64)
    };
    let mut months = Vec::new();
    for year in [last - 1, last] {
        let seasons: [f64; MONTHS] = std::array::from_fn(&mut season);
        let before = year < last;
        let (received, repeats, moves) =
            if before { (1_104_000.0, 96_400.0, 54_000.0) } else { (803_000.0, 33_700.0, 12_000.0) };
        // In the last year postponing was given up, and what was overdue was worked off.
        let of_year = |month: usize| month as f64 / (MONTHS - 1) as f64;
        let falling = std::array::from_fn(|m| seasons[m] * if before { 1.0 } else { 1.75 - 1.5 * of_year(m) });
        let overdue = |month: usize| match before {
            true => 30_800.0 * (0.82 + 0.18 * of_year(month)),
            false => 2_200.0 + 24_000.0 * (1.0 - of_year(month)).powi(3),
        };
        let (received, repeats, moves) =
            (parted(received, &seasons), parted(repeats, &seasons), parted(moves, &falling));
        months.extend((0..MONTHS).map(|month| {
            json!({
                "year": year, "month": month + 1, "received": received[month], "repeats": repeats[month],
                "moves": moves[month], "overdue": overdue(month).round() as u64,
            })
        }));
    }
    months
}
