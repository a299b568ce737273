//! Names of municipalities as machines and people write them, and what kind of municipality they name.
//!
//! The kinds are those of 131-ФЗ (2003), article 2, and of 33-ФЗ (2025), which makes municipal districts of them.

/// The words of a kind, in small letters, and what it is called in a name.
const KINDS: [(&[&str], &str); 27] = [
    (&["внутригородской", "район"], "район"),
    (&["городской", "округ"], "городской округ"),
    (&["муниципальный", "округ"], "муниципальный округ"),
    (&["муниципальный", "район"], "район"),
    (&["муниципальное", "образование"], ""),
    (&["городское", "поселение"], "городское поселение"),
    (&["сельское", "поселение"], "сельское поселение"),
    (&["г.", "о."], "городской округ"),
    (&["м.", "о."], "муниципальный округ"),
    (&["м.", "р-н"], "район"),
    (&["г.о."], "городской округ"),
    (&["го"], "городской округ"),
    (&["м.о."], "муниципальный округ"),
    (&["мо"], "муниципальный округ"),
    (&["м.р-н"], "район"),
    (&["м.р."], "район"),
    (&["мр"], "район"),
    (&["р-н"], "район"),
    (&["район"], "район"),
    (&["г.п."], "городское поселение"),
    (&["с.п."], "сельское поселение"),
    (&["поселение"], "поселение"),
    (&["зато"], "ЗАТО"),
    (&["город"], "город"),
    (&["г."], "город"),
    (&["г"], "город"),
    (&["округ"], "округ"),
];

/// Abbreviations that are written without a blank behind them: «г.о.Белово».
const PREFIXES: [&str; 7] = ["м.р-н.", "г.о.", "м.о.", "г.п.", "с.п.", "м.р.", "г."];

/// A name in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MunicipalName {
    /// Without its kind: «Беловский».
    pub core: String,
    /// The kind, as it is said in a name: «городской округ».
    pub kind: Option<&'static str>,
}

impl MunicipalName {
    /// The parts of a name.
    pub fn of(name: &str) -> Self {
        let words = words(name);
        let small: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
        let mut kept: Vec<String> = Vec::new();
        let mut kind = None;
        let mut at = 0;
        while at < words.len() {
            // An autonomous district is no kind of municipality: the word belongs to the name.
            let autonomous = at > 0 && small[at - 1].starts_with("автономн");
            let begins = |(said, _): &&(&[&str], &str)| {
                !autonomous && small.len() >= at + said.len() && said.iter().zip(&small[at..]).all(|(a, b)| *a == b)
            };
            match KINDS.iter().find(begins) {
                Some((said, called)) => {
                    // «городской округ город Воронеж»: what is said first is what it is.
                    kind = kind.or(Some(*called).filter(|called| !called.is_empty()));
                    at += said.len();
                }
                None => {
                    kept.push(words[at].clone());
                    at += 1;
                }
            }
        }
        if kept.is_empty() {
            return Self { core: capitals(name.trim()), kind: None };
        }
        Self { core: capitals(&kept.join(" ")), kind }
    }

    /// The whole name, its kind as it is usually said: «Беловский район», «городской округ Белово».
    pub fn whole(&self) -> String {
        let adjective = ["ий", "ый", "ой"].iter().any(|ending| self.core.ends_with(ending));
        match self.kind {
            None => self.core.clone(),
            Some(kind) if adjective => format!("{} {kind}", self.core),
            Some(kind) => format!("{kind} {}", self.core),
        }
    }

    /// The core as it is compared: in small letters, е for ё.
    pub fn folded_core(&self) -> String {
        self.core.to_lowercase().replace('ё', "е")
    }

    /// The same with the kind.
    pub fn folded(&self) -> String {
        format!("{}|{}", self.folded_core(), self.kind.unwrap_or(""))
    }
}

fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    for word in name.split_whitespace() {
        let small = word.to_lowercase();
        // «г.п.» is a kind by itself, and no «г.» before a name.
        let is_kind = KINDS.iter().any(|(said, _)| *said == [small.as_str()]);
        let begins = |prefix: &&&str| !is_kind && small.starts_with(**prefix) && small.len() > prefix.len();
        match PREFIXES.iter().find(begins).filter(|prefix| word.is_char_boundary(prefix.len())) {
            Some(prefix) => {
                words.extend([word[..prefix.len()].to_owned(), word[prefix.len()..].to_owned()]);
            }
            None => words.push(word.to_owned()),
        }
    }
    words
}

/// The shortest word of nothing but capitals that is no abbreviation.
const SHORTEST_WORD: usize = 4;

/// Capitals where a machine has put small letters after a hyphen, and small letters where it has put nothing but
/// capitals.
fn capitals(name: &str) -> String {
    let shouted = !name.chars().any(char::is_lowercase)
        && name.split([' ', '-']).any(|word| word.chars().filter(|c| c.is_alphabetic()).count() >= SHORTEST_WORD);
    if shouted {
        let words = name.split(' ').map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(String::from).unwrap_or_default();
            capitals(&(first + &letters.as_str().to_lowercase()))
        });
        return words.collect::<Vec<_>>().join(" ");
    }
    let mut after_hyphen = false;
    let small_between = ["на", "во", "под", "при"];
    let parts: Vec<String> = name
        .split('-')
        .map(|part| {
            let capital = after_hyphen && !small_between.contains(&part);
            after_hyphen = true;
            let mut letters = part.chars();
            match letters.next() {
                Some(first) if capital => first.to_uppercase().chain(letters).collect(),
                _ => part.to_owned(),
            }
        })
        .collect();
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        for (name, core, kind) in [
            ("Сергиево-посадский Городской Округ", "Сергиево-Посадский", Some("городской округ")),
            ("городской округ Ёлкино", "Ёлкино", Some("городской округ")),
            ("г.о. Белово", "Белово", Some("городской округ")),
            ("г. о. Белово", "Белово", Some("городской округ")),
            ("г.о.Белово", "Белово", Some("городской округ")),
            ("г.п. Ёлкино", "Ёлкино", Some("городское поселение")),
            ("г.п.Ёлкино", "Ёлкино", Some("городское поселение")),
            ("ГО Белово", "Белово", Some("городской округ")),
            ("м.о. Зарайск", "Зарайск", Some("муниципальный округ")),
            ("Беловский р-н", "Беловский", Some("район")),
            ("Беловский муниципальный район", "Беловский", Some("район")),
            ("город Белово", "Белово", Some("город")),
            ("г.Белово", "Белово", Some("город")),
            ("г. Белово", "Белово", Some("город")),
            ("городской округ город Воронеж", "Воронеж", Some("городской округ")),
            ("ЗАТО Звёздный", "Звёздный", Some("ЗАТО")),
            ("Ненецкий автономный округ", "Ненецкий автономный округ", None),
            ("Каменка-на-Велеге", "Каменка-на-Велеге", None),
            ("Округ", "Округ", None),
            ("СТОЛИЧНЫЙ", "Столичный", None),
            ("РОСТОВ-НА-ДОНУ", "Ростов-на-Дону", None),
            ("НОВЫЙ УРЕНГОЙ", "Новый Уренгой", None),
            ("ЮАО", "ЮАО", None),
            ("Звёздный Городок", "Звёздный Городок", None),
        ] {
            let parts = MunicipalName::of(name);
            assert_eq!((parts.core.as_str(), parts.kind), (core, kind), "{name}");
        }
    }

    #[test]
    fn a_whole_name_is_said_as_people_say_it() {
        assert_eq!(MunicipalName::of("беловский р-н").whole(), "беловский район");
        assert_eq!(MunicipalName::of("г.о. Белово").whole(), "городской округ Белово");
        assert_eq!(MunicipalName::of("Белово").whole(), "Белово");
    }
}
