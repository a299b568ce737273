//! Masking, measured: a corpus of lines whose personal parts are known, generated and written by hand.

use std::fmt::Write as _;

use obzor::clock::Moment;
use obzor::compose::Composer;
use obzor::data::dataset::Dataset;
use obzor::data::{Revision, Update, Words};
use obzor::layout::{BUILT_IN, Catalogue};
use obzor::privacy::{Audience, Masker};
use obzor::state::{Shown, State};
use obzor::wall::Wall;

mod common;
mod corpus;

/// Of the personal parts, this share must be masked whole.
const RECALL: f64 = 0.99;
/// Of the lines without any, this share must be left alone.
const SPARED: f64 = 0.95;

/// A line in which `{...}` stands around what is personal: the plain text, and the personal parts.
fn unmarked(line: &str) -> (String, Vec<std::ops::Range<usize>>) {
    let (mut text, mut parts, mut from) = (String::new(), Vec::new(), None);
    for c in line.chars() {
        match c {
            '{' => from = Some(text.len()),
            '}' => parts.push(from.take().expect("a closing brace without an opening one")..text.len()),
            c => text.push(c),
        }
    }
    (text, parts)
}

#[test]
fn nearly_all_that_is_personal_is_masked_and_little_else() {
    let masker = Masker::new(["Заволоцк", "Каменогорье", "Усть-Велега", "Ёлкино", "Верхнее Поле", "Троицкий Посад"]);
    let lines = corpus::lines();
    assert!(lines.len() >= 2000, "{} lines", lines.len());
    let (mut personal, mut caught, mut clean, mut spared) = (0, 0, 0, 0);
    let (mut masked_letters, mut needlessly) = (0, 0);
    let (mut missed, mut spoilt) = (String::new(), String::new());
    for line in &lines {
        let (text, parts) = unmarked(line);
        assert_eq!(obzor::privacy::clean(&text), text, "the corpus holds cleaned lines");
        let found = masker.found(&text);
        // A part is caught when every letter and digit of it is masked.
        let hidden = |at: usize| found.iter().any(|(range, _)| range.contains(&at));
        for part in &parts {
            personal += 1;
            let whole = text[part.clone()]
                .char_indices()
                .filter(|(_, c)| c.is_alphanumeric())
                .all(|(at, _)| hidden(part.start + at));
            caught += usize::from(whole);
            if !whole {
                let shown = masker.displayable(&text);
                let _ = writeln!(missed, "{} | {}", &text[part.clone()], shown.shown_to(Audience::Public).unwrap());
            }
        }
        for (at, _) in text.char_indices().filter(|(at, c)| c.is_alphanumeric() && hidden(*at)) {
            masked_letters += 1;
            needlessly += usize::from(!parts.iter().any(|p| p.contains(&at)));
        }
        if parts.is_empty() {
            clean += 1;
            spared += usize::from(found.is_empty());
            if !found.is_empty() {
                let _ = writeln!(spoilt, "{}", masker.displayable(&text).shown_to(Audience::Public).unwrap());
            }
        }
    }
    let share = |part: usize, whole: usize| part as f64 / whole as f64;
    let (recall, rest) = (share(caught, personal), share(spared, clean));
    let precision = 1.0 - share(needlessly, masked_letters);
    println!(
        "lines {}, personal parts {personal}, recall {recall:.4}, precision by letters {precision:.4}, \
         lines without personal data {clean}, left alone {rest:.4}",
        lines.len()
    );
    println!("missed:\n{missed}\nmasked in vain:\n{spoilt}");
    assert!(recall >= RECALL, "recall {recall:.4}; missed:\n{missed}");
    assert!(rest >= SPARED, "only {rest:.4} of clean lines are left alone:\n{spoilt}");
}

/// Personal data planted in every text that a source can send is on no wall, whoever may see it.
#[test]
fn what_is_planted_is_on_no_wall() {
    let planted = "Нет тепла. Меня зовут Кондрат Канарейкин, тел. +7 900 765-43-21, kondrat@example.org, @kanareyka, \
                   снилс 123-456-789 01, а777аа 77, д. 77, кв. 78";
    let canaries =
        ["Кондрат", "Канарейк", "765-43", "43-21", "kondrat", "kanareyka", "123-456", "а777", "д. 77", "кв. 78"];
    let masker = Masker::default();
    let mut store = common::demo_store();
    let latest: Vec<_> = store.snapshot().latest.iter().map(|a| a.appeal.id).collect();
    let words = || Words { text: masker.displayable(planted), reply: Some(masker.displayable(planted)) };
    store.apply(Update::Words(latest.into_iter().map(|id| (id, words())).collect()), common::NOW);
    let record = serde_json::json!({ "text": planted.replace("Нет тепла", "Объявление") }).as_object().unwrap().clone();
    let dataset = Dataset::masked("announcements", vec![record], &[], &masker);
    store.apply(Update::Dataset(std::sync::Arc::new(dataset), common::NOW), common::NOW);
    for audience in [Audience::NoText, Audience::Public, Audience::Staff] {
        let mut wall = Wall::single(obzor::geometry::PixelSize::new(3840, 1080), 42.0);
        wall.outputs[0].audience = audience;
        let mut read = false;
        for (name, _) in BUILT_IN {
            let revision: Revision = common::revision_of(&store, name);
            let mut catalogue = Catalogue::default();
            catalogue.put(name, Catalogue::load(name).unwrap());
            let state = State::new(Shown { layout: (*name).to_owned(), generation: 0 });
            let later = Moment(common::NOW.0 + 60_000);
            let scene = Composer::default().compose(&state, &catalogue, &revision, &wall, later).scene;
            let seen = obzor::scene::describe(&scene);
            for canary in canaries {
                // The staff must find the house; nobody else may.
                let allowed = audience == Audience::Staff && matches!(canary, "д. 77" | "кв. 78");
                assert!(allowed || !seen.contains(canary), "{name} shows «{canary}» to {audience:?}:\n{seen}");
            }
            read |= seen.contains("Нет тепла");
        }
        assert_eq!(read, audience != Audience::NoText, "what may be read is read by {audience:?}");
    }
}
