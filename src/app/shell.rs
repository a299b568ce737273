//! What a shell is given: completions, the manual page, and a proof of the journal.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};

use super::log;
use crate::journal::JournalFile;
use crate::language::{Lang, localized};
use crate::sentence;

/// Writes what completes the commands of a shell.
pub fn completions(mut commands: clap::Command, shell: clap_complete::Shell) {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut commands, "obzor", &mut text);
    // Whoever reads may have read enough: a pipe that is closed is no fault.
    let _ = io::stdout().write_all(&text);
}

/// Writes the manual page: of the program, and of each of its commands.
///
/// # Errors
/// When it cannot be written.
pub fn man(commands: clap::Command) -> Result<()> {
    let mut page = Vec::new();
    let subcommands: Vec<clap::Command> = commands.get_subcommands().cloned().collect();
    clap_mangen::Man::new(commands).render(&mut page)?;
    for command in subcommands {
        let name = format!("obzor {}", command.get_name());
        let of_command = clap_mangen::Man::new(command.name(name));
        page.extend(b".SH \"\"\n");
        of_command.render_synopsis_section(&mut page)?;
        of_command.render_description_section(&mut page)?;
        of_command.render_options_section(&mut page)?;
        of_command.render_subcommands_section(&mut page)?;
    }
    // Whoever reads may have read enough: a pipe that is closed is no fault.
    let _ = io::stdout().write_all(&page);
    Ok(())
}

/// Proves that no record of a journal was changed or taken out, and says so.
///
/// # Errors
/// When the file is no journal or cannot be read.
pub fn verify_journal(file: &Path) -> Result<ExitCode> {
    let lang = Lang::of_environment();
    // A file that is not there would be made.
    std::fs::metadata(file).with_context(|| file.display().to_string())?;
    let journal = JournalFile::open_read_only(file)?;
    match journal.verify()? {
        Ok(verified) => {
            println!("{}", sentence!("journal-whole", records = verified.records, first = verified.first).to(lang));
            Ok(ExitCode::SUCCESS)
        }
        Err(fault) => {
            let why = localized(&fault.to_string(), lang);
            log::say(&sentence!("journal-broken", file = file.display(), why = why).to(lang));
            Ok(ExitCode::from(1))
        }
    }
}
