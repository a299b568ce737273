//! Who is told of alarms when nobody looks at the wall: `[[notify]]`, and what is sent.

use std::path::PathBuf;

use ring::hmac;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::alarm::{Notice, Priority, Told};
use crate::diagnostic::{Diagnostic, SourceFile};
use crate::digest::hex;
use crate::language::{Arg, Language, Sentence};
use crate::sentence;
use crate::source::Secret;

/// The header with the time at which a webhook was signed, in seconds since 1970.
pub const TIME_HEADER: &str = "X-Obzor-Timestamp";
/// The header with the signature of a webhook.
pub const SIGNATURE_HEADER: &str = "X-Obzor-Signature";

/// Somebody who is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Channel {
    /// What they are called in the rules.
    pub name: String,
    /// How they are told.
    pub way: Way,
}

/// How somebody is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Way {
    /// JSON is posted, signed.
    Webhook(Webhook),
    /// A letter is sent.
    Email(Email),
    /// A program is run, with the notice as JSON at its standard input.
    Command {
        /// The program.
        program: PathBuf,
        /// Its arguments.
        args: Vec<String>,
    },
}

/// Where JSON is posted.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// The address.
    pub url: String,
    /// What it is signed with.
    pub secret: Secret,
}

/// How letters are sent.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Email {
    /// `smtps://HOST:PORT` for TLS, `smtp://HOST:PORT?tls=required` for STARTTLS, `smtp://HOST:PORT` without.
    pub server: String,
    /// The user, where the server asks for one.
    pub user: Option<String>,
    /// Its password.
    pub password: Option<Secret>,
    /// From whom.
    pub from: String,
    /// To whom.
    pub to: Vec<String>,
}

/// `[[notify]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotifyTable {
    name: Spanned<String>,
    webhook: Option<Webhook>,
    email: Option<Email>,
    command: Option<Vec<String>>,
}

/// Judges who is told. Files are named relative to the folder of the file.
///
/// # Errors
/// What is wrong, at its place.
pub fn read_channels(file: SourceFile<'_>, tables: Vec<NotifyTable>) -> Result<Vec<Channel>, Diagnostic> {
    let mut channels: Vec<Channel> = Vec::new();
    for table in tables {
        let fault = |message: Sentence, help: Sentence| Err(file.fault_of(&table.name, message, help));
        let name = table.name.get_ref().trim().to_owned();
        if name.is_empty() || channels.iter().any(|other| other.name == name) {
            return fault(sentence!("notify-name", name = name), sentence!("notify-name-help"));
        }
        let beside = |secret: Secret| match secret {
            Secret::File(path) => Secret::File(file.folder().join(path)),
            named => named,
        };
        let way = match (table.webhook.clone(), table.email.clone(), table.command.as_deref()) {
            (Some(webhook), None, None) if webhook.url.starts_with("http") => {
                Way::Webhook(Webhook { secret: beside(webhook.secret), ..webhook })
            }
            (None, Some(email), None) if email.server.starts_with("smtp") && !email.to.is_empty() => {
                Way::Email(Email { password: email.password.map(beside), ..email })
            }
            (None, None, Some([program, args @ ..])) if !program.is_empty() => {
                Way::Command { program: program.into(), args: args.to_vec() }
            }
            _ => return fault(sentence!("notify-way"), sentence!("notify-way-help")),
        };
        channels.push(Channel { name, way });
    }
    Ok(channels)
}

/// What a webhook and a program are given.
#[derive(Debug, Clone, Serialize)]
pub struct Payload<'a> {
    /// What tells the notice from all others: one that comes twice is one.
    pub id: uuid::Uuid,
    /// When, in milliseconds since 1970.
    pub at_millis: i64,
    /// The wall.
    pub wall: &'a str,
    /// The rule.
    pub alarm: &'a str,
    /// What is told.
    pub told: Told,
    /// How much it disturbs.
    pub priority: Priority,
    /// What it tells people.
    pub title: &'a str,
    /// Why it rose.
    pub because: &'a str,
    /// What is to be done.
    pub action: &'a str,
}

impl<'a> Payload<'a> {
    /// Of a notice from a wall.
    pub fn new(notice: &'a Notice, wall: &'a str) -> Self {
        let Notice { id, at_millis, alarm, told, title, because, action, priority, .. } = notice;
        Self { id: *id, at_millis: *at_millis, wall, alarm, told: *told, priority: *priority, title, because, action }
    }

    /// The subject of a letter.
    pub fn subject(&self, language: &Language) -> String {
        let key = match self.told {
            Told::Rose | Told::Flood => "notice-rose",
            Told::Repeated => "notice-repeated",
            Told::Cleared => "notice-cleared",
            Told::Test => "notice-test",
        };
        language.message_with(key, &[("title", Arg::Text(self.title)), ("wall", Arg::Text(self.wall))])
    }

    /// The text of a letter.
    pub fn text(&self, language: &Language) -> String {
        let action = language.message_with("notice-action", &[("action", Arg::Text(self.action))]);
        let at = crate::clock::Moment(self.at_millis).zoned(&jiff::tz::TimeZone::system());
        format!("{}\n{}\n{}\n\n{action}\n", self.title, self.because, at.strftime("%Y-%m-%d %H:%M:%S %Z"))
    }
}

/// The signature of a body that is sent at a second: HMAC-SHA256 over `SECONDS.BODY`, in hexadecimal digits after `sha256=`.
/// With the time in it, what was sent once cannot be sent again later.
pub fn signature(secret: &str, secs: i64, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let mut context = hmac::Context::with_key(&key);
    context.update(format!("{secs}.").as_bytes());
    context.update(body);
    format!("sha256={}", hex(context.sign().as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_is_signed_with_its_time() {
        // Worked out by hmac.new(b"key", b'1795172712.{"a":1}', hashlib.sha256) of Python.
        let expected = "sha256=912bec790e77160996d58c94e7686d780a81e21a0d8fe402f5d7fae4846201f4";
        assert_eq!(signature("key", 1_795_172_712, b"{\"a\":1}"), expected);
        assert_ne!(signature("key", 1_795_172_713, b"{\"a\":1}"), expected);
    }

    #[test]
    fn each_is_told_in_one_way() {
        let read = |text: &str| {
            #[derive(Deserialize)]
            struct File {
                notify: Vec<NotifyTable>,
            }
            let file: File = toml::from_str(text).unwrap();
            let path = std::path::Path::new("/etc/obzor/operation.toml");
            read_channels(SourceFile { path, text }, file.notify)
        };
        let text = "[[notify]]\nname = \"duty\"\nwebhook = { url = \"http://127.0.0.1/\", secret = { file = \"key\" } }\n\
            [[notify]]\nname = \"chief\"\nemail = { server = \"smtps://mail\", from = \"a@b\", to = [\"c@d\"] }\n\
            [[notify]]\nname = \"siren\"\ncommand = [\"/usr/bin/siren\", \"--on\"]\n";
        let channels = read(text).unwrap();
        let Way::Webhook(webhook) = &channels[0].way else { panic!("{channels:?}") };
        assert_eq!(webhook.secret, Secret::File("/etc/obzor/key".into()));
        for wrong in [
            "[[notify]]\nname = \"duty\"\n",
            "[[notify]]\nname = \"duty\"\ncommand = []\n",
            "[[notify]]\nname = \"duty\"\nwebhook = { url = \"ftp://a\", secret = { env = \"A\" } }\n",
            "[[notify]]\nname = \"a\"\ncommand = [\"b\"]\n[[notify]]\nname = \"a\"\ncommand = [\"b\"]\n",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
