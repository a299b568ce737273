//! What is connected: by the session, and by the kernel's account of connectors and EDIDs.

use std::path::Path;

use winit::monitor::MonitorHandle;

use crate::geometry::PixelSize;
use crate::wall::{Match, Output, Wall};

/// An output of the session.
#[derive(Debug, Clone, PartialEq)]
pub struct Connected {
    /// The connector, such as `HDMI-A-1`.
    pub connector: String,
    /// Where it is on the desktop.
    pub position: (i32, i32),
    /// Its pixels.
    pub pixels: PixelSize,
    /// Refresh rate in millihertz.
    pub refresh_millihertz: Option<u32>,
    /// Who it says it is.
    pub edid: Option<Edid>,
}

/// What a display says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edid {
    /// Manufacturer, product, serial number: stays with the display wherever it is plugged in.
    pub identity: String,
    /// Its name for people.
    pub name: String,
    /// Millimetres across and down.
    pub size_mm: (u32, u32),
}

impl Connected {
    /// An output as winit knows it.
    pub fn of(monitor: &MonitorHandle) -> Self {
        let connector = monitor.name().unwrap_or_else(|| "unknown".to_owned());
        let size = monitor.size();
        let position = monitor.position();
        Self {
            edid: edid_of(Path::new("/sys/class/drm"), &connector),
            connector,
            position: (position.x, position.y),
            pixels: PixelSize::new(size.width, size.height),
            refresh_millihertz: monitor.refresh_rate_millihertz(),
        }
    }
}

impl std::fmt::Display for Connected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:<12} {} × {}", self.connector, self.pixels.width, self.pixels.height)?;
        if let Some(rate) = self.refresh_millihertz {
            write!(f, " at {:.2} Hz", f64::from(rate) / 1000.0)?;
        }
        write!(f, ", at {}, {}", self.position.0, self.position.1)?;
        match &self.edid {
            Some(edid) => {
                write!(f, ", {} × {} mm, edid = \"{}\" ({})", edid.size_mm.0, edid.size_mm.1, edid.identity, edid.name)
            }
            None => write!(f, ", no EDID"),
        }
    }
}

/// The wall made of what is connected.
pub fn desktop_wall(connected: &[Connected]) -> Wall {
    Wall::of_desktop(connected.iter().map(|c| (c.connector.clone(), c.position, c.pixels)), None)
}

/// Which output of the wall each connected one is: by EDID first, then by connector, then by order.
pub fn matched<'a>(wall: &'a Wall, connected: &[Connected]) -> Vec<(usize, &'a Output)> {
    let mut order: Vec<usize> = (0..connected.len()).collect();
    order.sort_by_key(|i| (connected[*i].position.1, connected[*i].position.0));
    let mut taken = vec![false; connected.len()];
    let mut found = Vec::new();
    type Rule = fn(&Match, &Connected, usize) -> bool;
    let rules: [Rule; 3] = [
        |m, c, _| matches!((m, &c.edid), (Match::Edid(wanted), Some(edid)) if *wanted == edid.identity),
        |m, c, _| matches!(m, Match::Connector(wanted) if *wanted == c.connector),
        |m, _, place| matches!(m, Match::Order(wanted) if *wanted == place),
    ];
    for rule in rules {
        for output in &wall.outputs {
            if found.iter().any(|(_, o): &(usize, &Output)| o.name == output.name) {
                continue;
            }
            let index = order
                .iter()
                .enumerate()
                .find(|(place, i)| !taken[**i] && rule(&output.matched_by, &connected[**i], *place));
            if let Some((_, index)) = index {
                taken[*index] = true;
                found.push((*index, output));
            }
        }
    }
    found
}

/// Connectors with a display on them, by the kernel's account: for machines without a session.
pub fn kernel_outputs(drm: &Path) -> Vec<(String, Option<Edid>)> {
    let Ok(entries) = std::fs::read_dir(drm) else { return Vec::new() };
    let mut found: Vec<(String, Option<Edid>)> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let status = std::fs::read_to_string(path.join("status")).ok()?;
            let name = path.file_name()?.to_str()?.split_once('-')?.1.to_owned();
            (status.trim() == "connected")
                .then(|| (name, std::fs::read(path.join("edid")).ok().and_then(|b| parse_edid(&b))))
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

fn edid_of(drm: &Path, connector: &str) -> Option<Edid> {
    let entries = std::fs::read_dir(drm).ok()?;
    let folder = entries.filter_map(Result::ok).map(|e| e.path()).find(|path| {
        path.file_name()
            .and_then(|n| n.to_str())
            .and_then(|n| n.split_once('-'))
            .is_some_and(|(_, name)| name == connector)
    })?;
    parse_edid(&std::fs::read(folder.join("edid")).ok()?)
}

/// Reads the base block of an EDID (VESA E-EDID 1.4, section 3).
pub fn parse_edid(block: &[u8]) -> Option<Edid> {
    let block = block.get(..128)?;
    let magic = block.starts_with(&[0, 255, 255, 255, 255, 255, 255, 0]);
    if !magic || block.iter().fold(0u8, |sum, b| sum.wrapping_add(*b)) != 0 {
        return None;
    }
    let letters = u16::from_be_bytes([block[8], block[9]]);
    let maker: String = [10, 5, 0].iter().map(|shift| (b'@' + ((letters >> shift) & 31) as u8) as char).collect();
    let product = u16::from_le_bytes([block[10], block[11]]);
    let serial = u32::from_le_bytes([block[12], block[13], block[14], block[15]]);
    let text = |tag: u8| {
        let descriptor = block[54..126].chunks(18).find(|d| d[..3] == [0, 0, 0] && d[3] == tag)?;
        let bytes: Vec<u8> = descriptor[5..].iter().copied().take_while(|b| *b != b'\n').collect();
        Some(String::from_utf8_lossy(&bytes).trim().to_owned()).filter(|t| !t.is_empty())
    };
    let timing = &block[54..72];
    let size_mm = if timing[0] != 0 || timing[1] != 0 {
        let high = timing[14];
        (u32::from(timing[12]) + (u32::from(high >> 4) << 8), u32::from(timing[13]) + (u32::from(high & 15) << 8))
    } else {
        (u32::from(block[21]) * 10, u32::from(block[22]) * 10)
    };
    let number = text(0xFF).unwrap_or_else(|| serial.to_string());
    Some(Edid { identity: format!("{maker}-{product:04X}-{number}"), name: text(0xFC).unwrap_or(maker), size_mm })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edid() -> Vec<u8> {
        let mut block = vec![0u8; 128];
        block[..8].copy_from_slice(&[0, 255, 255, 255, 255, 255, 255, 0]);
        block[8..10].copy_from_slice(&((4u16 << 10) | (5 << 5) | 12).to_be_bytes()); // DEL
        block[10..16].copy_from_slice(&[0x34, 0x12, 7, 0, 0, 0]);
        (block[21], block[22]) = (121, 68);
        block[54..72]
            .copy_from_slice(&[0, 0, 0, 0xFC, 0, b'W', b'a', b'l', b'l', b' ', b'5', b'5', b'\n', 32, 32, 32, 32, 32]);
        let sum = block.iter().fold(0u8, |s, b| s.wrapping_add(*b));
        block[127] = 0u8.wrapping_sub(sum);
        block
    }

    #[test]
    fn a_display_is_known_by_its_edid() {
        let known = parse_edid(&edid()).unwrap();
        assert_eq!(known, Edid { identity: "DEL-1234-7".into(), name: "Wall 55".into(), size_mm: (1210, 680) });
        let mut broken = edid();
        broken[20] ^= 1;
        assert_eq!(parse_edid(&broken), None);
        assert_eq!(parse_edid(&edid()[..100]), None);
    }

    #[test]
    fn outputs_are_matched_by_edid_then_connector_then_order() {
        let text = "name = \"w\"\nviewing_distance_m = 3\n\
            [[output]]\nname = \"a\"\norder = 0\nposition_mm = [0, 0]\nsize_mm = [500, 300]\npixels = [1920, 1080]\n\
            [[output]]\nname = \"b\"\nconnector = \"DP-1\"\nposition_mm = [600, 0]\nsize_mm = [500, 300]\npixels = [1920, 1080]\n\
            [[output]]\nname = \"c\"\nedid = \"DEL-1234-7\"\nposition_mm = [1200, 0]\nsize_mm = [500, 300]\npixels = [1920, 1080]\n";
        let wall = crate::wall::parse(Path::new("w.toml"), text).unwrap();
        let connected = |connector: &str, x, edid| Connected {
            connector: connector.into(),
            position: (x, 0),
            pixels: PixelSize::new(1920, 1080),
            refresh_millihertz: None,
            edid,
        };
        let all =
            [connected("DP-1", 0, None), connected("DP-2", 1920, parse_edid(&edid())), connected("DP-3", 3840, None)];
        let names: Vec<(usize, &str)> = matched(&wall, &all).iter().map(|(i, o)| (*i, o.name.as_str())).collect();
        assert_eq!(names, [(1, "c"), (0, "b")], "the first in order is taken by its connector, so `a` finds none");
    }
}
