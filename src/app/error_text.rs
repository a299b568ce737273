//! An error as whoever runs the program reads it.

use anyhow::Error;

use crate::diagnostic::Diagnostic;
use crate::language::{Lang, localized};
use crate::layout::LayoutError;
use crate::runsheet::RunSheetError;

/// The fault of a file as it stands at its line; any other error with what led to it.
pub fn error_text(error: &Error, lang: Lang) -> String {
    match fault_of(error) {
        Some(fault) => fault.in_lang(lang),
        None => localized(&format!("{error:#}"), lang),
    }
}

/// The fault of a file that the error is about, if it is.
pub fn fault_of(error: &Error) -> Option<&Diagnostic> {
    let of_layout = || match error.downcast_ref()? {
        LayoutError::Wrong(fault) => Some(&**fault),
        _ => None,
    };
    let of_run_sheet = || match error.downcast_ref()? {
        RunSheetError::Wrong(fault) => Some(&**fault),
        _ => None,
    };
    error.downcast_ref().or_else(of_layout).or_else(of_run_sheet)
}
