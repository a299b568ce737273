//! The strip under a wall that anybody may look at: how fresh the data is, and what there is to say of it.

use serde::Deserialize;

use super::{Panel, PanelInfo, View, frame};
use crate::geometry::WallPoint;
use crate::language::LocalizedText;
use crate::scene::Brush;

/// A strip at the foot.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Foot {
    /// What is said of the data: «без имён и адресов».
    #[serde(default)]
    text: LocalizedText,
}

impl Foot {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"foot = { text = { ru = "без имён и адресов", en = "no names, no addresses" } }"#;
}

impl Panel for Foot {
    fn info(&self) -> PanelInfo {
        PanelInfo { is_strip: true, shows_stamp: true, ..PanelInfo::without_data((20.0, 1.6)) }
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let (u, bounds, note) = (brush.theme.unit, brush.bounds, brush.theme.note());
        let pad = 5.0 * brush.theme.spacing();
        let baseline = bounds.center().y + 0.35 * u;
        let stamp = frame::stamp(view, brush, WallPoint::new(bounds.min.x + pad, baseline));
        let demo = view.dictionaries().filter(|d| d.demo).map(|_| view.language.message("demo"));
        let text = self.text.to(view.language);
        let mut parts: Vec<&str> =
            [Some(text), demo.as_deref()].into_iter().flatten().filter(|p| !p.is_empty()).collect();
        let room = bounds.width() - 2.0 * pad - stamp - 1.5 * u;
        // What there is no room for goes, the first word first: that the data is invented is said last of all.
        while parts.len() > 1 && brush.measure(&parts.join(" · "), note) > room {
            parts.remove(0);
        }
        let end = WallPoint::new(bounds.max.x - pad, baseline);
        brush.text_right(&parts.join(" · "), note, end, brush.theme.palette.quiet);
    }
}
