//! A site's own measures: the catalogue's, combined.

use serde::Deserialize;

use super::metric::{Metric, Unit};
use super::{Compare, Figure, Filter, Period, Query};

/// Metrics combined; exactly one way of combining.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "Table")]
pub struct Formula {
    how: How,
    parts: Vec<Metric>,
    times: f64,
    /// The unit of the result.
    pub unit: Unit,
    /// Whether less of it is better.
    pub less_is_better: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum How {
    Add,
    Subtract,
    Divide,
}

/// As a layout writes it.
#[derive(Deserialize)]
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
    /// The difference of flows is taken for a stock.
    #[error("`received` minus `resolved` is not what is in work, since older appeals close too: use `in-work`")]
    NotAStock,
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
            How::Add if parts.len() < 2 => return Err(FormulaError::Parts("add", "two or more")),
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
            if how == How::Subtract && parts == [Metric::Received, Metric::Resolved] {
                return Err(FormulaError::NotAStock);
            }
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
        let less_is_better = table.less_is_better.or(if how == How::Add { first.less_is_better() } else { None });
        Ok(Self { how, parts, times, unit, less_is_better })
    }
}

impl Formula {
    /// The questions whose answers it needs, in its own order.
    pub fn queries(&self, period: Period, compare: Compare, filter: Filter) -> Vec<Query> {
        self.parts.iter().map(|metric| Query::Value(*metric, period, compare, filter)).collect()
    }

    /// The figure that its parts make together, in the order of [`Formula::queries`].
    pub fn figure(&self, parts: &[&Figure]) -> Figure {
        let combine = |values: Vec<Option<f64>>| -> Option<f64> {
            let values: Vec<f64> = values.into_iter().collect::<Option<_>>()?;
            let result = match self.how {
                How::Add => values.iter().sum::<f64>(),
                How::Subtract => values.first()? - values.get(1)?,
                How::Divide if *values.get(1)? == 0.0 => return None,
                How::Divide => values.first()? / values.get(1)?,
            };
            Some(result * self.times)
        };
        let line = |of: fn(&Figure) -> &Vec<f64>| -> Vec<f64> {
            let length = parts.iter().map(|p| of(p).len()).min().unwrap_or(0);
            let at = |i: usize| combine(parts.iter().map(|p| Some(of(p)[i])).collect());
            (0..length).map(|i| at(i).unwrap_or(f64::NAN)).collect()
        };
        Figure {
            now: combine(parts.iter().map(|p| p.now).collect()),
            before: combine(parts.iter().map(|p| p.before).collect()),
            trend: line(|p| &p.trend),
            trend_before: line(|p| &p.trend_before),
            slots: parts.first().map_or(0, |p| p.slots),
        }
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
        for (text, word) in [
            ("add = [\"overdue\"]", "two or more"),
            ("divide = [\"overdue\", \"in-work\", \"received\"]", "takes two"),
            ("add = [\"received\", \"in-work\"]", "do not add up"),
            ("add = [\"received\", \"repeat-share\"]", "different units"),
            ("subtract = [\"received\", \"resolved\"]", "in-work"),
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
        let result = formula.figure(&[&a, &b]);
        assert_eq!((result.now, result.before, formula.unit), (Some(25.0), None, Unit::Percent));
        assert!(result.trend[0] == 50.0 && result.trend[1].is_nan());
    }
}
