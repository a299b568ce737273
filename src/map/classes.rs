//! Classes of a choropleth: where one colour gives way to the next.

use serde::Deserialize;

use crate::language::Sentence;

/// Most classes that a map tells apart by colour.
pub const MAX_CLASSES: usize = 7;

/// How values are divided into classes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "Spec")]
pub enum Classes {
    /// Each class holds as many municipalities as the others.
    Quantile(usize),
    /// Each class is as wide as the others.
    Equal(usize),
    /// At these values.
    Breaks(Vec<f64>),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Way {
    Quantile,
    Equal,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "\"quantile\", \"equal\", or a list of breaks such as [1, 2, 5]")]
enum Spec {
    Way(Way),
    Breaks(Vec<f64>),
}

impl From<Spec> for Classes {
    fn from(spec: Spec) -> Self {
        match spec {
            Spec::Way(Way::Quantile) => Self::default(),
            Spec::Way(Way::Equal) => Self::Equal(5),
            Spec::Breaks(breaks) => Self::Breaks(breaks),
        }
    }
}

impl Default for Classes {
    fn default() -> Self {
        Self::Quantile(5)
    }
}

impl Classes {
    /// Whether breaks ascend and are few enough to be told apart.
    ///
    /// # Errors
    /// A sentence that says what to write.
    pub fn validate(&self) -> Result<(), Sentence> {
        match self {
            Self::Breaks(breaks) if breaks.is_empty() || breaks.len() >= MAX_CLASSES => {
                Err(crate::sentence!("panel-classes-count", most = MAX_CLASSES - 1))
            }
            Self::Breaks(breaks) if breaks.windows(2).any(|pair| pair[0] >= pair[1]) => {
                Err(crate::sentence!("panel-classes-ascend"))
            }
            _ => Ok(()),
        }
    }

    /// Upper edges of all classes but the last, ascending. The class of a value is the number of edges below it.
    pub fn edges(&self, values: impl Iterator<Item = f64>) -> Vec<f64> {
        let mut sorted: Vec<f64> = values.filter(|v| v.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let (Some(low), Some(high)) = (sorted.first().copied(), sorted.last().copied()) else { return Vec::new() };
        match self {
            Self::Breaks(breaks) => breaks.clone(),
            Self::Equal(_) | Self::Quantile(_) if low == high => Vec::new(),
            Self::Equal(count) => (1..*count).map(|i| low + (high - low) * i as f64 / *count as f64).collect(),
            Self::Quantile(count) => {
                let mut edges: Vec<f64> =
                    (1..*count).map(|i| sorted[(sorted.len() * i / count).min(sorted.len() - 1)]).collect();
                edges.dedup();
                edges.retain(|edge| *edge < high);
                edges
            }
        }
    }
}

/// The class of a value, from 0.
pub fn class_of(value: f64, edges: &[f64]) -> usize {
    edges.iter().filter(|edge| value > **edge).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(classes: &Classes, values: &[f64]) -> Vec<usize> {
        let edges = classes.edges(values.iter().copied());
        (0..=edges.len()).map(|c| values.iter().filter(|v| class_of(**v, &edges) == c).count()).collect()
    }

    #[test]
    fn classes_are_as_they_were_asked_for() {
        let values: Vec<f64> = (1..=10).map(f64::from).collect();
        assert_eq!(counts(&Classes::Quantile(5), &values), [3, 2, 2, 2, 1]);
        assert_eq!(counts(&Classes::Equal(3), &values), [4, 3, 3]);
        assert_eq!(counts(&Classes::Breaks(vec![2.0, 9.0]), &values), [2, 7, 1]);
        // Where all are the same there is one class, and where none is there is none to tell.
        assert_eq!(counts(&Classes::Quantile(5), &[4.0; 6]), [6]);
        assert!(Classes::Equal(5).edges([f64::NAN].into_iter()).is_empty());
        // Most at nothing: no class is empty for it.
        assert!(counts(&Classes::Quantile(5), &[0.0, 0.0, 0.0, 0.0, 1.0, 9.0]).iter().all(|n| *n > 0));
    }

    #[test]
    fn wrong_breaks_are_explained() {
        assert!(Classes::Breaks(vec![3.0, 1.0]).validate().unwrap_err().contains("ascend"));
        assert!(Classes::Breaks(vec![]).validate().unwrap_err().contains("1 to 6"));
        #[derive(Debug, Deserialize)]
        struct Table {
            classes: Classes,
        }
        let read = |text: &str| toml::from_str::<Table>(text).map(|t| t.classes);
        assert_eq!(read("classes = \"equal\"").unwrap(), Classes::Equal(5));
        assert_eq!(read("classes = [1, 2.5]").unwrap(), Classes::Breaks(vec![1.0, 2.5]));
        assert!(read("classes = \"even\"").unwrap_err().message().contains("list of breaks"));
    }
}
