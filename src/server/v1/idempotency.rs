//! Orders that are sent twice are carried out once: whoever did not hear the answer may ask again.

use std::collections::VecDeque;

use tokio::sync::Mutex;

use crate::requests::Accepted;

/// So many keys are remembered; the oldest are forgotten first.
const MAX_KEYS: usize = 1000;

/// The answers to orders by their keys.
#[derive(Default)]
pub struct Answered(Mutex<VecDeque<Answer>>);

struct Answer {
    by: String,
    key: String,
    body: Vec<u8>,
    accepted: Accepted,
}

/// What is known of a key.
pub enum Known {
    /// The same order was carried out under it.
    Same(Accepted),
    /// Another order was.
    Other,
}

impl Answered {
    /// Carries out an order once for each key of a giver; orders with keys wait for one another. A refused order is not
    /// remembered: it may be given again.
    pub async fn once<E>(
        &self,
        by: &str,
        key: &str,
        body: &[u8],
        carry_out: impl Future<Output = Result<Accepted, E>>,
    ) -> Result<Result<Accepted, E>, Known> {
        let mut answers = self.0.lock().await;
        if let Some(answer) = answers.iter().find(|answer| answer.by == by && answer.key == key) {
            let same = answer.body == body;
            return if same { Err(Known::Same(answer.accepted.clone())) } else { Err(Known::Other) };
        }
        let outcome = carry_out.await;
        if let Ok(accepted) = &outcome {
            if answers.len() == MAX_KEYS {
                answers.pop_front();
            }
            let (by, key, body) = (by.to_owned(), key.to_owned(), body.to_vec());
            answers.push_back(Answer { by, key, body, accepted: accepted.clone() });
        }
        Ok(outcome)
    }
}
