//! A site's own measures: the catalogue's, combined.

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::metric::{Metric, Statistic, Unit};
use super::{Figure, Group};

/// What a panel shows: a metric of the catalogue by its code, or a site's own formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// `"overdue-share"`
    Metric(Metric),
    /// `{ divide = ["overdue", "in-work"], times = 100 }`
    Formula(Formula),
}

/// Metrics combined; exactly one way of combining.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(try_from = "Table")]
pub struct Formula {
    how: How,
    parts: [Option<Metric>; MAX_PARTS],
    /// The bits of a finite number over 0, so that equal formulas are one question to the data.
    times_bits: u64,
    unit: Unit,
    less_is_better: Option<bool>,
}

/// No formula takes more metrics.
const MAX_PARTS: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum How {
    Add,
    Subtract,
    Divide,
}

/// As a layout writes it.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default)]
    add: Option<Vec<Metric>>,
    #[serde(default)]
    subtract: Option<Vec<Metric>>,
    #[serde(default)]
    divide: Option<Vec<Metric>>,
    #[serde(default)]
    times: Option<f64>,
    #[serde(default)]
    less_is_better: Option<bool>,
    #[serde(default)]
    better: Option<Better>,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Better {
    Less,
    More,
    Neither,
}

/// Why metrics cannot be combined so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormulaError {
    /// None or several ways at once.
    #[error("a formula has one of `add`, `subtract` and `divide`")]
    Ways,
    /// Too few or too many.
    #[error("`{0}` takes {1} metrics")]
    Parts(&'static str, &'static str),
    /// Apples and pears.
    #[error("`{0}` and `{1}` have different units: only `divide` takes them together")]
    Units(&'static str, &'static str),
    /// A stock is not what is left of flows.
    #[error("`{0}` is a level at an instant and `{1}` a flow of a period: they do not add up; put them side by side")]
    StockAndFlow(&'static str, &'static str),
    /// Two words for which way is better.
    #[error("write either `better` or `less_is_better`")]
    Better,
    /// A factor that makes nothing of it.
    #[error("`times` is a number over 0")]
    Times,
}

impl TryFrom<Table> for Formula {
    type Error = FormulaError;

    fn try_from(table: Table) -> Result<Self, FormulaError> {
        let ways = [(How::Add, table.add), (How::Subtract, table.subtract), (How::Divide, table.divide)];
        let mut named: Vec<(How, Vec<Metric>)> =
            ways.into_iter().filter_map(|(how, parts)| Some((how, parts?))).collect();
        let (Some((how, parts)), true) = (named.pop(), named.is_empty()) else { return Err(FormulaError::Ways) };
        match how {
            How::Add if !(2..=MAX_PARTS).contains(&parts.len()) => {
                return Err(FormulaError::Parts("add", "two to four"));
            }
            How::Subtract if parts.len() != 2 => return Err(FormulaError::Parts("subtract", "two")),
            How::Divide if parts.len() != 2 => return Err(FormulaError::Parts("divide", "two")),
            _ => {}
        }
        let times = table.times.unwrap_or(1.0);
        if !(times.is_finite() && times > 0.0) {
            return Err(FormulaError::Times);
        }
        let first = parts[0];
        if how != How::Divide {
            for other in &parts[1..] {
                if other.is_stock() != first.is_stock() {
                    let (stock, flow) = if first.is_stock() { (first, *other) } else { (*other, first) };
                    return Err(FormulaError::StockAndFlow(stock.code(), flow.code()));
                }
                if other.unit() != first.unit() {
                    return Err(FormulaError::Units(first.code(), other.code()));
                }
            }
        }
        let percent = how == How::Divide && times == 100.0;
        let unit = match how {
            How::Divide if percent => Unit::Percent,
            How::Divide => Unit::Mark,
            _ => first.unit(),
        };
        // A sum and a share go the way of what is counted first; a difference goes neither way by itself.
        let usual = if how == How::Subtract { None } else { first.less_is_better() };
        let less_is_better = match (table.better, table.less_is_better) {
            (Some(_), Some(_)) => return Err(FormulaError::Better),
            (Some(Better::Less), _) => Some(true),
            (Some(Better::More), _) => Some(false),
            (Some(Better::Neither), _) => None,
            (None, said) => said.or(usual),
        };
        let parts = std::array::from_fn(|at| parts.get(at).copied());
        Ok(Self { how, parts, times_bits: times.to_bits(), unit, less_is_better })
    }
}

impl From<Metric> for Measure {
    fn from(metric: Metric) -> Self {
        Self::Metric(metric)
    }
}

impl<'de> Deserialize<'de> for Measure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Measure;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a metric of the catalogue, or a formula such as { divide = [\"overdue\", \"in-work\"], times = 100 }")
            }

            fn visit_str<E: Error>(self, code: &str) -> Result<Measure, E> {
                Metric::deserialize(StrDeserializer::new(code)).map(Measure::Metric)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Measure, A::Error> {
                Formula::deserialize(MapAccessDeserializer::new(map)).map(Measure::Formula)
            }
        }

        deserializer.deserialize_any(Either)
    }
}

impl Measure {
    /// The metrics that it is made of.
    pub fn parts(&self) -> impl Iterator<Item = Metric> {
        match self {
            Self::Metric(metric) => [Some(*metric), None, None, None],
            Self::Formula(formula) => formula.parts,
        }
        .into_iter()
        .flatten()
    }

    /// The metric's name in files; none where it is a formula.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::Metric(metric) => Some(metric.code()),
            Self::Formula(_) => None,
        }
    }

    /// The unit of its values.
    pub fn unit(&self) -> Unit {
        match self {
            Self::Metric(metric) => metric.unit(),
            Self::Formula(formula) => formula.unit,
        }
    }

    /// Whether less of it is better; none where neither is.
    pub fn less_is_better(&self) -> Option<bool> {
        match self {
            Self::Metric(metric) => metric.less_is_better(),
            Self::Formula(formula) => formula.less_is_better,
        }
    }

    /// Whether it is a level at an instant rather than of a period.
    pub fn is_stock(&self) -> bool {
        self.parts().all(Metric::is_stock)
    }

    /// Whether it is a number of events, which adds up over the parts of a period.
    pub fn adds_up(&self) -> bool {
        matches!(self, Self::Metric(metric) if metric.adds_up())
    }

    /// Whether it is a median.
    pub fn is_median(&self) -> bool {
        matches!(self, Self::Metric(metric) if matches!(metric.statistic(), Statistic::Quantile(_, 50)))
    }
}

impl Formula {
    /// Whether it is what was received beyond what was resolved in a period: not what is in work, since older appeals
    /// close, too.
    pub fn is_received_minus_resolved(&self) -> bool {
        self.how == How::Subtract && self.parts[..2] == [Some(Metric::Received), Some(Metric::Resolved)]
    }

    /// The value that those of its parts make together, in its own order; none where one has none.
    fn combine(&self, values: &[Option<f64>]) -> Option<f64> {
        let values: Vec<f64> = values.iter().copied().collect::<Option<_>>()?;
        let result = match self.how {
            How::Add => values.iter().sum::<f64>(),
            How::Subtract => values.first()? - values.get(1)?,
            How::Divide if *values.get(1)? == 0.0 => return None,
            How::Divide => values.first()? / values.get(1)?,
        };
        Some(result * f64::from_bits(self.times_bits))
    }

    /// The line that those of its parts make, as long as the shortest.
    pub fn line(&self, parts: &[&[f64]]) -> Vec<f64> {
        let length = parts.iter().map(|line| line.len()).min().unwrap_or(0);
        let at = |i: usize| parts.iter().map(|line| Some(line[i])).collect::<Vec<_>>();
        (0..length).map(|i| self.combine(&at(i)).unwrap_or(f64::NAN)).collect()
    }

    /// The figure that those of its parts make.
    pub fn figure(&self, parts: &[Figure]) -> Figure {
        let value = |of: fn(&Figure) -> Option<f64>| self.combine(&parts.iter().map(of).collect::<Vec<_>>());
        let line =
            |of: fn(&Figure) -> &Vec<f64>| self.line(&parts.iter().map(|part| of(part).as_slice()).collect::<Vec<_>>());
        Figure {
            now: value(|p| p.now),
            before: value(|p| p.before),
            trend: line(|p| &p.trend),
            trend_before: line(|p| &p.trend_before),
            slots: parts.first().map_or(0, |p| p.slots),
        }
    }

    /// The groups that those of its parts make.
    pub fn groups(&self, parts: &[Vec<Group>]) -> Vec<Group> {
        let count = parts.iter().map(Vec::len).min().unwrap_or(0);
        let value = |at: usize, of: fn(&Group) -> Option<f64>| {
            self.combine(&parts.iter().map(|groups| of(&groups[at])).collect::<Vec<_>>())
        };
        (0..count)
            .map(|at| Group { key: at as u16, now: value(at, |g| g.now), week_ago: value(at, |g| g.week_ago) })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Formula, String> {
        toml::from_str::<Formula>(text).map_err(|e| e.message().to_owned())
    }

    #[test]
    fn combinations_that_mean_nothing_are_explained() {
        assert!(read("divide = [\"overdue\", \"in-work\"]\ntimes = 100").is_ok());
        // What came in and was not answered in a period is asked for by reviews; it is no stock, and named as what it is.
        let left = read("subtract = [\"received\", \"resolved\"]").unwrap();
        assert!(left.is_received_minus_resolved() && !Measure::Formula(left).is_stock());
        let better = |more: &str| read(&format!("divide = [\"overdue\", \"in-work\"]\n{more}")).unwrap().less_is_better;
        assert_eq!(
            [better(""), better("better = \"more\""), better("better = \"neither\"")],
            [Some(true), Some(false), None]
        );
        for (text, word) in [
            ("add = [\"overdue\"]", "two to four"),
            ("divide = [\"overdue\", \"in-work\", \"received\"]", "takes two"),
            ("add = [\"received\", \"in-work\"]", "do not add up"),
            ("add = [\"received\", \"repeat-share\"]", "different units"),
            ("divide = [\"overdue\", \"in-work\"]\nbetter = \"less\"\nless_is_better = true", "either"),
            ("add = [\"received\", \"resolved\"]\ndivide = [\"received\", \"resolved\"]", "one of"),
            ("times = 100", "one of"),
            ("divide = [\"overdue\", \"in-work\"]\ntimes = -1", "over 0"),
            ("divide = [\"overdu\", \"in-work\"]", "overdu"),
        ] {
            let fault = read(text).unwrap_err();
            assert!(fault.contains(word), "{text}: {fault}");
        }
    }

    #[test]
    fn a_measure_is_a_code_or_a_formula() {
        #[derive(Debug, serde::Deserialize)]
        struct Panel {
            metric: Measure,
        }
        let read = |text: &str| toml::from_str::<Panel>(text).map(|p| p.metric).map_err(|e| e.message().to_owned());
        assert_eq!(read("metric = \"overdue\""), Ok(Measure::Metric(Metric::Overdue)));
        let share = read("metric = { divide = [\"overdue\", \"in-work\"], times = 100 }").unwrap();
        assert_eq!((share.unit(), share.code(), share.is_stock()), (Unit::Percent, None, true));
        assert!(read("metric = \"overdu\"").unwrap_err().contains("unknown variant `overdu`"));
        assert!(read("metric = 7").unwrap_err().contains("a formula such as"));
        assert!(read("metric = { add = [\"overdue\"] }").unwrap_err().contains("two to four"));
    }

    #[test]
    fn figures_are_combined_point_by_point() {
        let figure = |now, before, trend: &[f64]| Figure {
            now,
            before,
            trend: trend.to_vec(),
            trend_before: trend.to_vec(),
            slots: 3,
        };
        let formula = read("divide = [\"overdue\", \"in-work\"]\ntimes = 100").unwrap();
        let (a, b) = (figure(Some(1.0), Some(3.0), &[1.0, 2.0]), figure(Some(4.0), Some(0.0), &[2.0, 0.0]));
        let result = formula.figure(&[a, b]);
        assert_eq!((result.now, result.before, formula.unit), (Some(25.0), None, Unit::Percent));
        assert!(result.trend[0] == 50.0 && result.trend[1].is_nan());
    }
}
