//! `operation.toml`: how a wall is operated. Who may do what from where, over which addresses.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::Deserialize;
use toml::Spanned;

use crate::alarm::{AlarmTable, Rule, read_alarms};
use crate::conductor::Role;
use crate::data::filter::FilterSpec;
use crate::diagnostic::{self, Diagnostic, SourceFile};
use crate::language::Sentence;
use crate::notify::{Channel, NotifyTable, read_channels};
use crate::schedule::{CalendarTable, Schedule, SlotTable, read_schedule};
use crate::sentence;

/// For so many days a token is valid, unless the file says otherwise.
const DEFAULT_TOKEN_DAYS: u32 = 365;
/// A token is never valid for longer than this, in days.
pub const MAX_TOKEN_DAYS: u32 = 3650;

/// How a wall is operated.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Operation {
    /// Who may operate it, and from where.
    pub control: Control,
    /// What is shown at which hour.
    pub schedule: Schedule,
    /// What is wrong, and what comes of it.
    pub alarms: Vec<Rule>,
    /// Who is told when nobody looks at the wall.
    pub notify: Vec<Channel>,
}

/// Who may operate a wall, and from where.
#[derive(Debug, Clone, PartialEq)]
pub struct Control {
    /// Where it is served over TLS to those who have a token; none where it is not.
    pub listen: Option<SocketAddr>,
    /// The role of whoever asks on this machine without a token.
    pub loopback: Role,
    /// The role that a pairing gives; none where there is no pairing.
    pub pairing: Option<Role>,
    /// For how many days a pairing is valid.
    pub token_days: u32,
    /// The names under which the wall is asked besides its machine's, in small letters; a tablet is sent to the first.
    pub names: Vec<String>,
    /// The wall's own certificate; none for one of the wall's own authority.
    pub tls: Option<TlsFiles>,
    /// Orders over OSC; none where there are none.
    pub osc: Option<Osc>,
}

/// A certificate and its key, in PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, with those between it and its authority.
    pub cert: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// Orders over Open Sound Control: from these addresses only, in one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Osc {
    /// Where packets are received, over UDP.
    pub listen: SocketAddr,
    /// From where they are taken.
    pub from: Vec<IpAddr>,
    /// The role of whoever sends them.
    pub role: Role,
}

impl Operation {
    /// The layouts that its slots and alarms show, each once, with where the file names it.
    pub fn layouts(&self) -> Vec<(&str, std::ops::Range<usize>)> {
        let items = self.schedule.slots.iter().flat_map(|slot| &slot.playlist);
        let items = items.map(|item| (item.layout.as_str(), item.source.clone()));
        let takeovers = self.alarms.iter().filter_map(|rule| rule.takeover.as_ref());
        let takeovers = takeovers.map(|takeover| (takeover.layout.as_str(), takeover.source.clone()));
        let mut layouts: Vec<(&str, std::ops::Range<usize>)> = Vec::new();
        for (name, source) in items.chain(takeovers) {
            if layouts.iter().all(|(known, _)| *known != name) {
                layouts.push((name, source));
            }
        }
        layouts
    }

    /// Which appeals its rules count.
    pub fn filters(&self) -> Vec<FilterSpec> {
        let slots = self.schedule.slots.iter().filter_map(|slot| slot.when.as_ref());
        slots
            .chain(self.alarms.iter().map(|rule| &rule.when))
            .filter_map(|when| when.signal.filter().cloned())
            .collect()
    }
}

impl Default for Control {
    fn default() -> Self {
        Self {
            listen: None,
            loopback: Role::Operator,
            pairing: Some(Role::Operator),
            token_days: DEFAULT_TOKEN_DAYS,
            names: Vec::new(),
            tls: None,
            osc: None,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    control: ControlTable,
    #[serde(default)]
    calendar: CalendarTable,
    #[serde(default)]
    slot: Vec<Spanned<SlotTable>>,
    #[serde(default)]
    alarm: Vec<Spanned<AlarmTable>>,
    #[serde(default)]
    notify: Vec<NotifyTable>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ControlTable {
    listen: Option<Spanned<String>>,
    loopback: Option<Spanned<String>>,
    pairing: Option<Spanned<String>>,
    token_days: Option<Spanned<u32>>,
    #[serde(default)]
    names: Vec<String>,
    tls: Option<TlsTable>,
    osc: Option<OscTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TlsTable {
    cert: PathBuf,
    key: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OscTable {
    listen: Spanned<String>,
    from: Vec<Spanned<String>>,
    role: Option<Spanned<String>>,
}

/// What stands in such files.
const TABLES: [&str; 5] = ["control", "calendar", "slot", "alarm", "notify"];

/// Whether a file's text is meant as the operation of a wall.
pub fn is_meant(text: &str) -> bool {
    let table: toml::Table = toml::from_str(text).unwrap_or_default();
    TABLES.iter().any(|name| table.contains_key(*name))
        || table.is_empty()
            && text.lines().any(|line| {
                let head = line.trim_start().trim_start_matches('[');
                line.trim_start().starts_with('[') && TABLES.iter().any(|name| head.starts_with(name))
            })
}

/// Judges the text of `operation.toml`. Files are named relative to its folder.
///
/// # Errors
/// What is wrong, at its place.
pub fn parse(path: &Path, text: &str) -> Result<Operation, Diagnostic> {
    let File { control: table, calendar, slot, alarm, notify } =
        diagnostic::parse(path, text).map_err(|fault| fault.of_other_kind(text, "operation"))?;
    let file = SourceFile { path, text };
    let (folder, reader) = (file.folder(), Reader(file));
    let usual = Control::default();
    let control = Control {
        listen: table.listen.map(|written| reader.address(&written)).transpose()?,
        loopback: reader.role(table.loopback.as_ref(), Role::Operator)?.unwrap_or(usual.loopback),
        pairing: match &table.pairing {
            Some(written) if written.get_ref() == "off" => None,
            written => reader.role(written.as_ref(), Role::Editor)?.or(usual.pairing),
        },
        token_days: match table.token_days {
            Some(days) if !(1..=MAX_TOKEN_DAYS).contains(days.get_ref()) => {
                let help = sentence!("operation-days-help", most = MAX_TOKEN_DAYS);
                return Err(file.fault_of(&days, sentence!("operation-days"), help));
            }
            Some(days) => days.into_inner(),
            None => usual.token_days,
        },
        names: table.names.iter().map(|name| name.to_lowercase()).collect(),
        tls: table.tls.map(|tls| TlsFiles { cert: folder.join(tls.cert), key: folder.join(tls.key) }),
        osc: table.osc.map(|osc| reader.osc(&osc)).transpose()?,
    };
    let notify = read_channels(file, notify)?;
    let names: Vec<&str> = notify.iter().map(|channel| channel.name.as_str()).collect();
    let alarms = read_alarms(file, alarm, &names)?;
    Ok(Operation { control, schedule: read_schedule(file, calendar, slot)?, alarms, notify })
}

struct Reader<'a>(SourceFile<'a>);

impl Reader<'_> {
    fn address(&self, written: &Spanned<String>) -> Result<SocketAddr, Diagnostic> {
        self.read(written, "operation-address", "operation-address-help")
    }

    fn read<T: FromStr>(
        &self,
        written: &Spanned<String>,
        key: &'static str,
        help: &'static str,
    ) -> Result<T, Diagnostic> {
        let fault =
            |_| self.0.fault_of(written, Sentence::of(key, [("text", written.get_ref())]), Sentence::of(help, []));
        written.get_ref().parse().map_err(fault)
    }

    /// A role that is no more than `most`.
    fn role(&self, written: Option<&Spanned<String>>, most: Role) -> Result<Option<Role>, Diagnostic> {
        let Some(written) = written else { return Ok(None) };
        let allowed = || Role::ALL.into_iter().filter(|role| *role <= most);
        let found = allowed().find(|role| role.name() == written.get_ref());
        let fault = || {
            let message = sentence!("fault-unknown-value", name = written.get_ref());
            self.0.fault_of(written, message, diagnostic::expected(written.get_ref(), allowed().map(Role::name)))
        };
        found.map(Some).ok_or_else(fault)
    }

    fn osc(&self, table: &OscTable) -> Result<Osc, Diagnostic> {
        let from = table.from.iter().map(|written| self.read(written, "operation-ip", "operation-ip-help"));
        let from: Vec<IpAddr> = from.collect::<Result<_, _>>()?;
        if from.is_empty() {
            let (message, help) = (sentence!("operation-osc-anybody"), sentence!("operation-ip-help"));
            return Err(self.0.fault_of(&table.listen, message, help));
        }
        let role = self.role(table.role.as_ref(), Role::Operator)?.unwrap_or(Role::Operator);
        Ok(Osc { listen: self.address(&table.listen)?, from, role })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Control, Diagnostic> {
        parse(Path::new("/etc/obzor/operation.toml"), text).map(|operation| operation.control)
    }

    #[test]
    fn what_is_not_said_is_as_it_is_by_default() {
        assert_eq!(read("").unwrap(), Control::default());
        let control = read("[control]\nlisten = \"0.0.0.0:7443\"\npairing = \"off\"\nloopback = \"viewer\"\n").unwrap();
        assert_eq!(control.listen.unwrap().port(), 7443);
        assert_eq!((control.pairing, control.loopback), (None, Role::Viewer));
        let tls = read("[control]\ntls = { cert = \"wall.pem\", key = \"/k/wall.key\" }").unwrap().tls.unwrap();
        assert_eq!((tls.cert, tls.key), ("/etc/obzor/wall.pem".into(), "/k/wall.key".into()));
        let osc = read("[control.osc]\nlisten = \"0.0.0.0:9000\"\nfrom = [\"10.0.0.7\"]").unwrap().osc.unwrap();
        assert_eq!((osc.from, osc.role), (vec!["10.0.0.7".parse().unwrap()], Role::Operator));
    }

    #[test]
    fn what_is_wrong_is_said_at_its_line() {
        for (line, words) in [
            ("listen = \"7443\"", "0.0.0.0:7443"),
            ("listen = \"wall.local:7443\"", "0.0.0.0:7443"),
            ("loopback = \"admin\"", "operator"),
            ("pairing = \"admin\"", "editor"),
            ("pairing = \"opertor\"", "operator"),
            ("token_days = 0", "3650"),
            ("osc = { listen = \"0.0.0.0:9000\", from = [] }", "10.0.0.7"),
            ("osc = { listen = \"0.0.0.0:9000\", from = [\"all\"] }", "10.0.0.7"),
            ("pairng = \"off\"", "pairing"),
        ] {
            let fault = read(&format!("[control]\n{line}\n")).unwrap_err();
            assert!(fault.to_string().contains(words) && fault.line == 2, "{line}: {fault}");
        }
    }
}
