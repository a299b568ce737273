//! Which appeals are counted, as people write it: by the codes of the dictionaries.

use serde::Deserialize;

use super::measure::{Filter, Status};
use super::region::{Dictionaries, Term, UNLISTED, UNLISTED_CHANNEL};

/// Which appeals a panel counts, by the codes of the dictionaries.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilterSpec {
    /// Only this sector.
    #[serde(default)]
    pub sector: Option<String>,
    /// Only this municipality, by its name.
    #[serde(default)]
    pub municipality: Option<String>,
    /// Only this channel.
    #[serde(default)]
    pub channel: Option<String>,
    /// Only this topic.
    #[serde(default)]
    pub topic: Option<String>,
    /// Only this executor.
    #[serde(default)]
    pub agency: Option<String>,
    /// Only in this state at the end of the period.
    #[serde(default)]
    pub status: Option<Status>,
}

impl FilterSpec {
    /// The same filter, with what it leaves open taken from `other`.
    pub fn narrow(&mut self, other: &Self) {
        let open = |own: &mut Option<String>, others: &Option<String>| {
            if own.is_none() {
                own.clone_from(others);
            }
        };
        open(&mut self.sector, &other.sector);
        open(&mut self.municipality, &other.municipality);
        open(&mut self.channel, &other.channel);
        open(&mut self.topic, &other.topic);
        open(&mut self.agency, &other.agency);
        self.status = self.status.or(other.status);
    }

    /// What it names, each with the names that the dictionaries have of its kind.
    fn named<'d>(&self, dictionaries: &'d Dictionaries) -> [(&'static str, &Option<String>, Vec<&'d str>); 5] {
        fn codes(terms: &[Term]) -> Vec<&str> {
            terms.iter().map(|term| term.code.as_str()).collect()
        }
        let topics = dictionaries.topics.iter().map(|topic| topic.code.as_str()).collect();
        let municipalities = dictionaries.municipalities.iter().map(|m| m.name.as_str()).collect();
        [
            ("sector", &self.sector, codes(&dictionaries.sectors)),
            ("municipality", &self.municipality, municipalities),
            ("channel", &self.channel, codes(&dictionaries.channels)),
            ("topic", &self.topic, topics),
            ("agency", &self.agency, codes(&dictionaries.agencies)),
        ]
    }

    /// What it names that the dictionaries do not have, as sentences that say what there is.
    pub fn unknown(&self, dictionaries: &Dictionaries) -> Vec<String> {
        let missing = self.named(dictionaries).into_iter().filter_map(|(what, name, known)| {
            let name = name.as_ref().filter(|name| !known.contains(&name.as_str()))?;
            let help = crate::diagnostic::expected(name, known.iter().copied());
            Some(format!("the region has no {what} `{name}`; {help}"))
        });
        missing.collect()
    }

    /// Whether the dictionaries have all that it names.
    pub fn is_known(&self, dictionaries: &Dictionaries) -> bool {
        let has = |(_, name, known): &(_, &Option<String>, Vec<&str>)| {
            name.as_ref().is_none_or(|name| known.contains(&name.as_str()))
        };
        self.named(dictionaries).iter().all(has)
    }

    /// What it is about, in words: the topic, the sector or the channel, and the municipality.
    pub fn about(&self, dictionaries: &Dictionaries) -> Option<String> {
        let named = |terms: &[Term], code: &Option<String>| {
            terms.iter().find(|term| Some(&term.code) == code.as_ref()).map(|term| term.name.clone())
        };
        let topic = dictionaries.topics.iter().find(|topic| Some(&topic.code) == self.topic.as_ref());
        let sector = topic.map(|topic| topic.name.clone()).or_else(|| named(&dictionaries.sectors, &self.sector));
        let parts = [sector, named(&dictionaries.channels, &self.channel), self.municipality.clone()];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// The filter in numbers. A code that the dictionaries do not have lets nothing through, so that a
    /// mistyped sector never shows the numbers of the whole region.
    pub fn resolve(&self, dictionaries: &Dictionaries) -> Filter {
        let term = |terms: &[Term], code: &Option<String>| {
            code.as_ref().map(|code| place(terms.iter().map(|t| t.code.as_str()), code))
        };
        Filter {
            sector: term(&dictionaries.sectors, &self.sector),
            municipality: self
                .municipality
                .as_ref()
                .map(|name| place(dictionaries.municipalities.iter().map(|m| m.name.as_str()), name)),
            channel: term(&dictionaries.channels, &self.channel)
                .map(|at| u8::try_from(at).unwrap_or(UNLISTED_CHANNEL - 1)),
            topic: self.topic.as_ref().map(|code| place(dictionaries.topics.iter().map(|t| t.code.as_str()), code)),
            agency: term(&dictionaries.agencies, &self.agency),
            status: self.status,
        }
    }
}

/// The place of a name that no dictionary has: no appeal has it, not even one of which nothing is known.
const NO_TERM: u16 = UNLISTED - 1;

fn place<'a>(mut names: impl Iterator<Item = &'a str>, wanted: &str) -> u16 {
    names.position(|name| name == wanted).and_then(|at| u16::try_from(at).ok()).unwrap_or(NO_TERM)
}
