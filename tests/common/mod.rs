//! The demo region at a fixed moment, and a stage for it.
#![allow(dead_code)]

pub mod panels;
pub mod picture;
pub mod tiles;

use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwap;
use obzor::app::stage::{Frame, Stage};
use obzor::clock::Moment;
use obzor::conductor::{Conductor, Order, UserCommand, Via};
use obzor::data::dataset::Dataset;
use obzor::data::region::place_names;
use obzor::data::{ANSWERED, Appeal, Condition, MaskedTexts, NEVER, Revision, Store, Update};
use obzor::demo::World;
use obzor::language::Lang;
use obzor::layout::{Catalogue, Transition};
use obzor::privacy::Masker;
use obzor::render::Gpu;
use obzor::wall::Wall;

/// 2026-11-20T14:05:12 in Moscow.
pub const NOW: Moment = Moment(1_795_172_712_000);
/// Days of history that the tests' measures need.
const DAYS: i64 = 430;

/// The demo region's data at [`NOW`].
pub fn demo_store() -> Store {
    let world = World::new(1, NOW);
    let mut store = Store::new();
    store.apply(Update::Region(world.region.clone()), NOW);
    let today = world.day_of(NOW.secs());
    store.apply(Update::Appeals(world.appeals(today - DAYS..=today, NOW).collect()), NOW);
    store.apply(Update::Complete(NOW), NOW);
    let masker = Masker::new(place_names(&world.region.dictionaries, &world.region.boundaries));
    let mut told: Vec<Appeal> = store.snapshot().latest.iter().map(|a| a.appeal).collect();
    let lately = store.snapshot().chunks.iter().rev().take(2).flat_map(|chunk| chunk.rows()).collect::<Vec<_>>();
    let mut answered: Vec<Appeal> = lately.into_iter().filter(|appeal| appeal.answered != NEVER).collect();
    answered.sort_by_key(|appeal| std::cmp::Reverse((appeal.answered, appeal.id)));
    told.extend(answered.into_iter().take(ANSWERED));
    let words = told.iter().map(|appeal| {
        let (text, reply) = world.words(appeal);
        let reply = reply.map(|reply| masker.displayable(&reply));
        (appeal.id, MaskedTexts { text: masker.displayable(&text), reply })
    });
    store.apply(Update::MaskedTexts(words.collect()), NOW);
    let texts = [
        "Уборка дорог: на линии 240 машин",
        "Ёлкино: приём главы округа в 16:00",
        "Ночью до −14 °C, тепло на контроле",
    ];
    let records = texts.iter().map(|t| serde_json::json!({ "text": t }).as_object().unwrap().clone()).collect();
    store.apply(
        Update::Dataset(
            Arc::new(Dataset::masked("announcements", records, &["text".to_owned()], &Masker::default())),
            NOW,
        ),
        NOW,
    );
    let projects = [("Дороги", 94, 82, 83), ("Чистая вода", 40, 24, 35), ("Городская среда", 71, 66, 63)];
    let projects = projects.map(
        |(name, plan, fact, due)| serde_json::json!({ "name": name, "plan": plan, "fact": fact, "plan_to_date": due }),
    );
    let outages = (0..9).map(|i| {
        let name = ["Журавлёво", "Старое Устье", "Ёлкино"][i % 3];
        serde_json::json!({ "name": name, "municipality": i, "houses": 174 - 17 * i, "restored_by": NOW.secs() + 3600 })
    });
    let skies =
        [("snow", -4.0), ("snow", -5.0), ("cloudy", -7.0), ("clear", -11.0), ("partly-cloudy", -9.0), ("clear", -3.0)];
    let weather = skies.iter().enumerate().map(|(i, (condition, temperature))| {
        let time = NOW.secs() - 312 + 3 * 3600 * i as i64;
        serde_json::json!({ "time": time, "condition": condition, "temperature_c": temperature, "wind_m_s": 4 })
    });
    for (name, records) in
        [("projects", projects.to_vec()), ("outages", outages.collect()), ("weather", weather.collect())]
    {
        let records = records.into_iter().map(|r| r.as_object().unwrap().clone()).collect();
        let published = vec!["name".to_owned()];
        store.apply(Update::Dataset(Arc::new(Dataset::kept(name, records, published)), NOW), NOW);
    }
    for name in ["results", "service-points", "waste-rounds"] {
        let answer = obzor::demo::datasets::dataset(&world, name, NOW.secs()).unwrap();
        store.apply(Update::Dataset(Arc::new(Dataset::kept(name, answer.records, answer.published)), NOW), NOW);
    }
    store
}

/// A store's data with the measures of a layout.
pub fn revision_of(store: &Store, layout: &str) -> Revision {
    let layout = Catalogue::load(layout).unwrap_or_else(|e| panic!("{e}"));
    let snapshot = store.snapshot();
    let queries = layout.queries(&snapshot.region.as_ref().unwrap().dictionaries);
    Revision::default().next(snapshot, &queries, NOW)
}

/// The demo region with the measures of a layout.
pub fn demo_revision(layout: &str) -> Revision {
    static STORE: OnceLock<Store> = OnceLock::new();
    revision_of(STORE.get_or_init(demo_store), layout)
}

/// The same data in a condition, for a layout.
pub fn in_condition(condition: Condition, revision: &Revision, layout: &str) -> Revision {
    let layout = Catalogue::load(layout).unwrap_or_else(|e| panic!("{e}"));
    let mut changed = revision.clone();
    changed.snapshot = condition.of(changed.snapshot, NOW, &layout.municipalities());
    if condition == Condition::Empty {
        let queries: Vec<_> = revision.measures.keys().copied().collect();
        changed.measures = Revision::default().next(changed.snapshot.clone(), &queries, NOW).measures;
    }
    changed
}

/// A stage with the conductor that says what is on it.
pub struct TestWall {
    pub stage: Stage,
    pub conductor: Conductor,
}

impl std::ops::Deref for TestWall {
    type Target = Stage;

    fn deref(&self) -> &Stage {
        &self.stage
    }
}

impl std::ops::DerefMut for TestWall {
    fn deref_mut(&mut self) -> &mut Stage {
        &mut self.stage
    }
}

impl TestWall {
    /// Composes and paints what differs at `now`.
    pub fn frame(&mut self, now: Moment) -> Frame {
        self.stage.frame(self.conductor.state(), self.conductor.catalogue(), now)
    }

    /// Carries out an order that cannot be refused.
    pub fn order(&mut self, command: UserCommand, now: Moment) {
        let order = Order::local(Via::Api, command);
        self.conductor.order(order, &self.stage.revision(), now).unwrap_or_else(|refusal| panic!("{refusal}"));
    }

    /// Shows a layout by its name.
    pub fn show(&mut self, layout: &str, transition: Transition, now: Moment) {
        let (layout, transition) = (layout.to_owned(), Some(transition));
        self.order(UserCommand::Show { layout, transition, look: None, for_secs: None, stays: false }, now);
    }
}

/// A stage without outputs.
pub fn stage(wall: &Wall, layout: &str, revision: Revision) -> TestWall {
    let gpu = Gpu::open(None).unwrap_or_else(|e| panic!("{e}"));
    let loaded = Catalogue::load(layout).unwrap_or_else(|e| panic!("{e}"));
    let stage = Stage::new(wall.clone(), Arc::new(ArcSwap::from_pointee(revision)), gpu);
    TestWall { stage, conductor: Conductor::new(layout, loaded, Lang::Ru) }
}
