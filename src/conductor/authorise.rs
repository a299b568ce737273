//! Who may do what.

use super::order::{Refusal, UserCommand};
use super::role::Role;

/// The least role that may give a command.
pub fn least_role(command: &UserCommand) -> Role {
    match command {
        UserCommand::Step(_) | UserCommand::CatchUp(_) | UserCommand::Detour { .. } | UserCommand::Return => {
            Role::Speaker
        }
        UserCommand::Show { .. }
        | UserCommand::Back
        | UserCommand::Press
        | UserCommand::Release
        | UserCommand::Look { .. }
        | UserCommand::Skip { .. }
        | UserCommand::Hold { .. }
        | UserCommand::Follow
        | UserCommand::Acknowledge { .. }
        | UserCommand::Shelve { .. }
        | UserCommand::Unshelve { .. }
        | UserCommand::Identify { .. } => Role::Operator,
    }
}

/// Whether a role may give a command.
///
/// # Errors
/// When it may not: with the least role that may.
pub fn authorise(role: Role, command: &UserCommand) -> Result<(), Refusal> {
    let least = least_role(command);
    if role >= least { Ok(()) } else { Err(Refusal::NotAllowed { role, least }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conductor::StepTo;
    use crate::map::{Place, Target};

    /// One of each command, with the roles that may give it: the table that the operators' guide shows.
    #[test]
    fn every_role_may_give_just_the_commands_of_the_table() {
        let look = UserCommand::Look { to: Target::Place(Place::Home), secs: None };
        let show = UserCommand::show("overview");
        let table = [
            (UserCommand::Step(StepTo::Next), [false, true, true, true, true]),
            (UserCommand::Detour { municipality: "a".into() }, [false, true, true, true, true]),
            (UserCommand::Return, [false, true, true, true, true]),
            (UserCommand::CatchUp(crate::runsheet::CatchUp::default()), [false, true, true, true, true]),
            (show, [false, false, true, true, true]),
            (UserCommand::Back, [false, false, true, true, true]),
            (UserCommand::Press, [false, false, true, true, true]),
            (UserCommand::Release, [false, false, true, true, true]),
            (look, [false, false, true, true, true]),
            (UserCommand::Skip { slot: None }, [false, false, true, true, true]),
            (UserCommand::Hold { slot: None, for_secs: None }, [false, false, true, true, true]),
            (UserCommand::Acknowledge { alarm: "a".into() }, [false, false, true, true, true]),
            (UserCommand::Shelve { alarm: "a".into(), for_secs: 60.0 }, [false, false, true, true, true]),
            (UserCommand::Unshelve { alarm: "a".into() }, [false, false, true, true, true]),
            (UserCommand::Follow, [false, false, true, true, true]),
            (UserCommand::Identify { on: true }, [false, false, true, true, true]),
        ];
        for (command, may) in table {
            for (role, may) in Role::ALL.into_iter().zip(may) {
                assert_eq!(authorise(role, &command).is_ok(), may, "{role:?} {command:?}");
            }
        }
    }
}
