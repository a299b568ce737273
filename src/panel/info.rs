//! What a panel says of itself, whatever the data.

/// Properties of a panel that do not depend on the data: the room it needs, and which rules for panels apply to it.
/// Wrapping panels merge them, so that none is lost.
#[derive(Debug, Clone, PartialEq)]
pub struct PanelInfo {
    /// The smallest width and height at which it can be read, in units of the smallest type, without a stamp.
    pub smallest: (f32, f32),
    /// The same for its upright arrangement in a narrow, high place; none if it has none.
    pub smallest_upright: Option<(f32, f32)>,
    /// Whether it shows data, and tells its age unless another panel does so for all.
    pub ages: bool,
    /// The table that it shows, by whose freshness it is judged; none where it shows appeals or nothing of the kind.
    pub dataset: Option<String>,
    /// Every table that it shows something of.
    pub tables: Vec<String>,
    /// Municipalities that it looks at by name, whatever it counts.
    pub looks_at: Vec<String>,
    /// The table of alerts that its map may be told to look at; none where it shows no map.
    pub alerts: Option<String>,
    /// Whether it shows today's numbers beside those of a year ago.
    pub compares: bool,
    /// Speed of running text in characters per second; none if its text does not run.
    pub pace: Option<f64>,
    /// Whether it shows free text, of which the beginning is enough.
    pub shows_texts: bool,
    /// Whether it is a strip without an edge of its own.
    pub is_strip: bool,
    /// Whether it shows the stamp that all panels of the layout share.
    pub shows_stamp: bool,
    /// Whether it gives way to a sign while the press key is pressed: it shows people, or what people wrote.
    pub yields_to_press: bool,
}

impl PanelInfo {
    /// A panel that shows appeals.
    pub fn of_appeals(smallest: (f32, f32)) -> Self {
        Self {
            smallest,
            smallest_upright: None,
            ages: true,
            dataset: None,
            tables: Vec::new(),
            looks_at: Vec::new(),
            alerts: None,
            compares: false,
            pace: None,
            shows_texts: false,
            is_strip: false,
            shows_stamp: false,
            yields_to_press: false,
        }
    }

    /// A panel that shows a table.
    pub fn of_table(smallest: (f32, f32), table: &str) -> Self {
        Self { dataset: Some(table.to_owned()), tables: vec![table.to_owned()], ..Self::of_appeals(smallest) }
    }

    /// A panel that shows a table where its layout names one, else appeals.
    pub fn of_table_or_appeals(smallest: (f32, f32), table: Option<&str>) -> Self {
        table.map_or_else(|| Self::of_appeals(smallest), |table| Self::of_table(smallest, table))
    }

    /// A panel that shows nothing that grows old.
    pub fn without_data(smallest: (f32, f32)) -> Self {
        Self { ages: false, ..Self::of_appeals(smallest) }
    }

    /// Whether it turns grey when its data is old.
    pub fn fades(&self) -> bool {
        self.ages || self.dataset.is_some()
    }

    /// What a panel says of itself that shows either of two at the same place, by turns. By which table it is judged
    /// depends on whose turn it is: [`super::Panel::freshness_table`] says it.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        let larger = |one: (f32, f32), other: (f32, f32)| (one.0.max(other.0), one.1.max(other.1));
        let upright = (self.smallest_upright, other.smallest_upright);
        let mut tables = self.tables;
        tables.extend(other.tables.into_iter().filter(|table| !tables.contains(table)).collect::<Vec<_>>());
        Self {
            smallest: larger(self.smallest, other.smallest),
            // It stands upright only where both do, or where one needs no more than it does lying.
            smallest_upright: (upright != (None, None))
                .then(|| larger(upright.0.unwrap_or(self.smallest), upright.1.unwrap_or(other.smallest))),
            ages: self.ages || other.ages,
            dataset: self.dataset.or(other.dataset),
            tables,
            looks_at: [self.looks_at, other.looks_at].concat(),
            alerts: self.alerts.or(other.alerts),
            compares: self.compares || other.compares,
            pace: [self.pace, other.pace].into_iter().flatten().reduce(f64::max),
            shows_texts: self.shows_texts || other.shows_texts,
            is_strip: self.is_strip && other.is_strip,
            // The stamp of all must stand there all the time.
            shows_stamp: self.shows_stamp && other.shows_stamp,
            yields_to_press: self.yields_to_press || other.yields_to_press,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_one_of_two_panels_says_is_lost() {
        let table = PanelInfo { ages: false, pace: Some(12.0), ..PanelInfo::of_table((10.0, 2.0), "news") };
        let upright = PanelInfo { smallest_upright: Some((4.0, 9.0)), ..PanelInfo::of_appeals((8.0, 5.0)) };
        let both = upright.clone().merge(table.clone());
        assert_eq!(both.smallest, (10.0, 5.0));
        assert_eq!(both.smallest_upright, Some((10.0, 9.0)));
        assert_eq!((both.ages, both.fades(), both.pace), (true, true, Some(12.0)));
        assert_eq!(both.tables, ["news"]);
        assert!(table.clone().merge(table).fades(), "two tables that have no stamp turn grey together");
        let stamped = PanelInfo { shows_stamp: true, is_strip: true, ..PanelInfo::without_data((20.0, 1.6)) };
        assert!(!stamped.clone().merge(upright).shows_stamp);
        assert!(stamped.clone().merge(stamped.clone()).shows_stamp);
        let people = PanelInfo { yields_to_press: true, ..PanelInfo::without_data((4.0, 4.0)) };
        assert!(stamped.merge(people).yields_to_press);
    }
}
