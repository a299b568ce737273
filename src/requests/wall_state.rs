//! What is on the wall and why, as whoever operates it sees it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::layouts::layout_title;
use super::status::SourceStatus;
use crate::clock::Moment;
use crate::data::region::Dictionaries;
use crate::language::{Arg, Lang, Language};
use crate::map::Place;
use crate::state::{Claim, Layer, State};

/// A claim, as it is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ClaimView {
    /// Its layer.
    pub layer: Layer,
    /// Who asked for it.
    pub by: String,
    /// The name of the layout that it shows; none for the press key.
    pub layout: Option<String>,
    /// What its maps were told to look at.
    pub look: Option<Place>,
    /// Why, in the words of whoever asked.
    pub reason: Option<String>,
    /// Since when, in milliseconds since 1970.
    pub since_millis: i64,
    /// When it ends by itself, in milliseconds since 1970.
    pub until_millis: Option<i64>,
}

impl From<&Claim> for ClaimView {
    fn from(claim: &Claim) -> Self {
        Self {
            layer: claim.layer,
            by: claim.by.clone(),
            layout: claim.show.as_ref().map(|show| show.layout.name.clone()),
            look: claim.show.as_ref().and_then(|show| show.look.clone()),
            reason: claim.reason.clone(),
            since_millis: claim.since_millis,
            until_millis: claim.until_millis,
        }
    }
}

/// What came of an order that was carried out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Accepted {
    /// The version of the state since.
    pub version: u64,
    /// The claim on air since.
    pub on_air: ClaimView,
}

/// The whole state of the wall.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WallState {
    /// The version of the state.
    pub version: u64,
    /// The version that the outputs show: what was ordered is seen from then on.
    pub shown_version: u64,
    /// The moment, in milliseconds since 1970.
    pub now_millis: i64,
    /// The time zone of the region, by its IANA name; none before the first data.
    pub time_zone: Option<String>,
    /// The claim on air.
    pub on_air: ClaimView,
    /// Every claim, the lowest layer first.
    pub claims: Vec<ClaimView>,
    /// The name of the layout that is shown, or on its way in.
    pub layout: String,
    /// When the next claim ends by itself, in milliseconds since 1970.
    pub next_change_millis: Option<i64>,
    /// Whether the press key is pressed.
    pub pressed: bool,
    /// Whether every output shows its name.
    pub identify: bool,
    /// Which step of the run sheet is shown, from 1.
    pub step: Option<usize>,
    /// How many alarms wait for somebody.
    pub alarms_waiting: usize,
    /// The outputs that show something.
    pub outputs: Vec<String>,
    /// What was last heard of each source.
    pub sources: Vec<SourceStatus>,
}

impl WallState {
    /// Of a state at `now`.
    pub fn new(
        state: &State,
        shown_version: u64,
        outputs: Vec<String>,
        sources: Vec<SourceStatus>,
        time_zone: Option<String>,
        now: Moment,
    ) -> Self {
        let claims = state.claims().iter().filter(|claim| !claim.has_ended(now));
        Self {
            version: state.version,
            shown_version,
            now_millis: now.0,
            time_zone,
            on_air: state.on_air(now).into(),
            claims: claims.map(ClaimView::from).collect(),
            layout: state.layout(now).name.clone(),
            next_change_millis: state.next_change(now).map(|at| at.0),
            pressed: state.is_pressed(now),
            identify: state.identify,
            step: state.step.map(|at| at.step + 1),
            alarms_waiting: state.alarms.by_name.values().filter(|alarm| alarm.calls(now)).count(),
            outputs,
            sources,
        }
    }
}

/// Why something is on the wall, in words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Why {
    /// The claim on air.
    pub on_air: ClaimView,
    /// Why, in a sentence.
    pub words: String,
    /// What comes when it ends, in a sentence; none where nothing is under it.
    pub next: Option<String>,
}

impl Why {
    /// Of a state at `now`, in a language, in the time zone and the words of the region.
    pub fn new(
        state: &State,
        lang: Lang,
        zone: &jiff::tz::TimeZone,
        dictionaries: Option<&Dictionaries>,
        now: Moment,
    ) -> Self {
        let language = Language::new(lang);
        let called = dictionaries.map(|dictionaries| dictionaries.called_in(lang.code()));
        let dictionaries = called.as_deref();
        let time = |millis: i64| language.time(&Moment(millis).zoned(zone));
        let named = |claim: &Claim| {
            let layout = claim.show.as_ref().map_or("", |show| show.layout.name.as_str());
            let layer = language.message(&format!("why-{}", layer_name(claim.layer)));
            match layout {
                "" => layer,
                layout => {
                    let title = layout_title(layout, &language, dictionaries);
                    language.message_with("why-shows", &[("what", Arg::Text(&layer)), ("layout", Arg::Text(&title))])
                }
            }
        };
        let claim = state.on_air(now);
        let mut words = named(claim);
        if claim.layer != Layer::Default {
            let since = time(claim.since_millis);
            let by = language.principal(&claim.by);
            words += &language.message_with("why-by", &[("by", Arg::Text(&by)), ("time", Arg::Text(&since))]);
        }
        if let Some(reason) = &claim.reason {
            // Of a step of a visit it is the title.
            let key = if claim.layer == Layer::Visit { "why-step" } else { "why-reason" };
            words += &language.message_with(key, &[("reason", Arg::Text(reason))]);
        }
        if let Some(until) = claim.until_millis {
            words += &language.message_with("why-until", &[("time", Arg::Text(&time(until)))]);
        }
        let under = state.claims().iter().rev().find(|other| other.layer < claim.layer && !other.has_ended(now));
        let next = under.map(|under| language.message_with("why-next", &[("what", Arg::Text(&named(under)))]));
        Self { on_air: claim.into(), words, next }
    }
}

fn layer_name(layer: Layer) -> &'static str {
    match layer {
        Layer::Default => "default",
        Layer::Schedule => "schedule",
        Layer::Visit => "visit",
        Layer::Hand => "hand",
        Layer::Alarm => "alarm",
        Layer::Press => "press",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{LayoutRef, Transition};
    use crate::state::{Command, Show, apply};

    #[test]
    fn why_something_is_on_the_wall_is_a_sentence() {
        let zone = jiff::tz::TimeZone::get("Europe/Moscow").unwrap();
        let layout = |name: &str| LayoutRef { name: name.into(), digest: String::new() };
        let at = Moment(1_795_172_712_000);
        let state = State::new(layout("overview"), Lang::Ru);
        let why = Why::new(&state, Lang::Ru, &zone, None, at);
        assert_eq!((why.words.as_str(), why.next), ("По умолчанию: «Обзор»", None));
        let claim = Claim {
            layer: Layer::Hand,
            by: "планшет".into(),
            show: Some(Show { layout: layout("night"), look: None, transition: Transition::default() }),
            reason: Some("совещание".into()),
            since_millis: at.0,
            until_millis: Some(at.0 + 3_600_000),
        };
        let (state, _) = apply(&state, &Command::Claim { claim }, at);
        let why = Why::new(&state, Lang::Ru, &zone, None, at);
        assert_eq!(why.words, "Показано вручную: «Ночь» (планшет, с 14:05), потому что: совещание, до 15:05");
        assert_eq!(why.next.as_deref(), Some("Под этим: По умолчанию: «Обзор»"));
    }
}
