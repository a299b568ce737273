//! Faults on purpose: what a display or a driver does once a year.

use crate::render::Gpu;

use super::stage::Stage;

/// The environment variable that orders faults, as `surface@60,device@120`: the fault, and the frame,
/// counted from the start, at which it happens.
pub const VARIABLE: &str = "OBZOR_FAULTS";

/// What is made to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The surfaces of all windows.
    Surface,
    /// The device.
    Device,
    /// The GPU's memory.
    Memory,
}

/// The faults that are still to come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(Vec<(Fault, u64)>);

impl Faults {
    /// Those that the environment orders; what cannot be read is said and left out.
    pub fn ordered() -> Self {
        Self::parse(&std::env::var(VARIABLE).unwrap_or_default())
    }

    fn parse(text: &str) -> Self {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        let read = |word: &str| {
            let (name, frame) = word.split_once('@')?;
            let fault = match name {
                "surface" => Fault::Surface,
                "device" => Fault::Device,
                "memory" => Fault::Memory,
                _ => return None,
            };
            Some((fault, frame.parse().ok()?))
        };
        let mut faults = Vec::new();
        for word in words {
            match read(word) {
                Some(fault) => faults.push(fault),
                None => tracing::warn!(word, "{VARIABLE}: write surface@FRAME, device@FRAME or memory@FRAME"),
            }
        }
        Self(faults)
    }

    /// Injects what is due on the stage; says whether surfaces must fail too.
    pub fn inject(&mut self, stage: &Stage) -> bool {
        let frame = stage.counts.composed;
        let mut surfaces = false;
        self.0.retain(|(fault, at)| {
            if frame < *at {
                return true;
            }
            tracing::warn!(?fault, frame, "a fault on purpose");
            match fault {
                Fault::Surface => surfaces = true,
                Fault::Device => stage.gpu().into_iter().for_each(Gpu::destroy),
                Fault::Memory => stage.gpu().into_iter().for_each(Gpu::pretend_out_of_memory),
            }
            false
        });
        surfaces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_read_and_nonsense_is_left_out() {
        let faults = Faults::parse("surface@60, device@120,memory@x,fire@1,");
        assert_eq!(faults, Faults(vec![(Fault::Surface, 60), (Fault::Device, 120)]));
        assert_eq!(Faults::parse(""), Faults::default());
    }
}
