//! Orders over Open Sound Control: from listed addresses only, in one role. It has no passwords, so it is off by default.

use std::sync::Arc;

use governor::DefaultDirectRateLimiter;
use rosc::{OscMessage, OscPacket, OscType};
use tokio::net::UdpSocket;

use crate::conductor::{Order, Principal, StepTo, UserCommand, Via};
use crate::operation::Osc;
use crate::requests::{Request, Requester};

/// The longest packet, in bytes; one that is longer is no order.
const MAX_PACKET: usize = 2048;

/// Takes packets for ever; what is no order, or comes from elsewhere, is dropped.
pub async fn receive(osc: Osc, requester: Requester, pace: Arc<DefaultDirectRateLimiter>) {
    let socket = match UdpSocket::bind(osc.listen).await {
        Ok(socket) => socket,
        Err(error) => {
            tracing::error!(%error, address = %osc.listen, "no orders are taken over OSC");
            return;
        }
    };
    let mut bytes = [0; MAX_PACKET];
    loop {
        let Ok((length, from)) = socket.recv_from(&mut bytes).await else {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            continue;
        };
        let ip = from.ip().to_canonical();
        if !osc.from.iter().any(|known| known.to_canonical() == ip) {
            tracing::debug!(%from, "a packet from an address that is not listed");
            continue;
        }
        let Ok((_, packet)) = rosc::decoder::decode_udp(&bytes[..length]) else { continue };
        for command in commands(&packet) {
            if pace.check().is_err() {
                continue;
            }
            let order = Order::new(Principal::new(format!("osc {ip}"), osc.role), Via::Osc, command);
            // Whoever sends a packet hears no answer.
            let reply = Box::new(|outcome: Result<_, crate::conductor::Refusal>| {
                if let Err(refusal) = outcome {
                    tracing::info!(%refusal, "an order over OSC was refused");
                }
            });
            requester(Request::Order { order, dry_run: false, reply });
        }
    }
}

/// The orders in a packet.
fn commands(packet: &OscPacket) -> Vec<UserCommand> {
    match packet {
        OscPacket::Message(message) => command(message).into_iter().collect(),
        OscPacket::Bundle(bundle) => bundle.content.iter().flat_map(commands).collect(),
    }
}

/// The order of a message: `/obzor/next`, `/obzor/show` with the layout's name, and so on. A button that sends 0 when it is
/// let go orders once.
fn command(message: &OscMessage) -> Option<UserCommand> {
    let released = matches!(message.args.first(), Some(OscType::Float(0.0) | OscType::Int(0) | OscType::Bool(false)));
    let what = message.addr.strip_prefix("/obzor/")?;
    let layout = match (what.strip_prefix("show/"), message.args.first()) {
        (Some(layout), _) => Some(layout.to_owned()),
        (None, Some(OscType::String(layout))) if what == "show" => Some(layout.clone()),
        _ => None,
    };
    if released {
        return None;
    }
    if let Some(layout) = layout {
        return Some(UserCommand::show(layout));
    }
    match (what, message.args.first()) {
        ("step", Some(OscType::Int(number))) => Some(UserCommand::Step(StepTo::Number(usize::try_from(*number).ok()?))),
        _ => UserCommand::of_button(what),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(addr: &str, args: Vec<OscType>) -> Vec<UserCommand> {
        let packet = OscPacket::Message(OscMessage { addr: addr.to_owned(), args });
        let bytes = rosc::encoder::encode(&packet).unwrap();
        commands(&rosc::decoder::decode_udp(&bytes).unwrap().1)
    }

    #[test]
    fn messages_are_orders_and_a_button_that_is_let_go_is_none() {
        assert_eq!(read("/obzor/next", vec![]), [UserCommand::Step(StepTo::Next)]);
        assert_eq!(read("/obzor/next", vec![OscType::Float(1.0)]), [UserCommand::Step(StepTo::Next)]);
        assert_eq!(read("/obzor/next", vec![OscType::Float(0.0)]), []);
        let show = |layout: &str| {
            [UserCommand::Show {
                layout: layout.to_owned(),
                transition: None,
                look: None,
                for_secs: None,
                stays: false,
            }]
        };
        assert_eq!(read("/obzor/show", vec![OscType::String("night".to_owned())]), show("night"));
        assert_eq!(read("/obzor/show/sector/housing", vec![OscType::Int(1)]), show("sector/housing"));
        assert_eq!(read("/obzor/step", vec![OscType::Int(3)]), [UserCommand::Step(StepTo::Number(3))]);
        assert_eq!(read("/obzor/step", vec![OscType::Int(-1)]), []);
        assert_eq!(read("/other/next", vec![]), []);
        assert_eq!(read("/obzor/show", vec![]), []);
    }
}
