//! What differs between two pictures of one group.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Content, Layer, LayerId};
use crate::geometry::{WallPixels, WallRect, cover, merge};

/// Above this count, joining rectangles is cheaper than painting them one by one.
const LIMIT: usize = 8;

/// The pixels that may differ between `before` and `after`: rectangles that do not overlap, none when
/// nothing changed.
pub fn damage(before: &[Layer], after: &[Layer]) -> Vec<WallPixels> {
    let mut rects = Vec::new();
    let old: HashMap<LayerId, &Layer> = before.iter().map(|layer| (layer.id, layer)).collect();
    let new: HashMap<LayerId, &Layer> = after.iter().map(|layer| (layer.id, layer)).collect();
    rects.extend(before.iter().filter(|l| !new.contains_key(&l.id)).map(Layer::bounds));
    for layer in after {
        match old.get(&layer.id) {
            None => rects.push(layer.bounds()),
            Some(last) if last.offset != layer.offset || last.zoom != layer.zoom || last.clip != layer.clip => {
                rects.extend([last.bounds(), layer.bounds()]);
            }
            Some(last) if Arc::ptr_eq(&last.content, &layer.content) => {}
            Some(last) => {
                rects.extend(changed(&last.content, &layer.content).into_iter().map(|part| layer.seen(part)));
            }
        }
    }
    // Layers that were painted in another order show another one on top where they overlap.
    let order = |layers: &[Layer], known: &HashMap<LayerId, &Layer>| -> Vec<LayerId> {
        layers.iter().map(|l| l.id).filter(|id| known.contains_key(id)).collect()
    };
    if order(before, &new) != order(after, &old) {
        rects.extend(after.iter().map(Layer::bounds));
    }
    merge(rects.into_iter().map(cover).collect(), LIMIT)
}

/// Bounds of the primitives that differ: pairwise for equal lengths, otherwise without the common head and tail.
fn changed(before: &Content, after: &Content) -> Vec<WallRect> {
    let (a, b) = (&before.primitives, &after.primitives);
    if a.len() == b.len() {
        let pairs = a.iter().zip(b).filter(|(x, y)| x != y);
        return pairs.flat_map(|(x, y)| [x.bounds(), y.bounds()]).collect();
    }
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    let middle = |c: &'_ [super::Primitive]| -> Vec<WallRect> {
        c[head..c.len() - tail].iter().map(super::Primitive::bounds).collect()
    };
    [middle(a), middle(b)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{WallVector, area, rect};
    use crate::scene::{Colour, Fill, Primitive};

    fn square(left: f32, colour: u32) -> Primitive {
        let fill = Fill::Solid(Colour::rgb(colour));
        Primitive::Rect { rect: rect(left, 0.0, 10.0, 10.0), radius: 0.0, fill, border: None }
    }

    fn layer(id: u64, primitives: Vec<Primitive>) -> Layer {
        Layer {
            id: LayerId(id),
            content: Arc::new(Content::new(primitives, false)),
            zoom: 1.0,
            offset: WallVector::zero(),
            clip: rect(0.0, 0.0, 1000.0, 1000.0),
        }
    }

    fn pixels(rects: &[WallPixels]) -> i64 {
        rects.iter().map(|r| area(*r)).sum()
    }

    #[test]
    fn nothing_changed_is_nothing_to_paint() {
        let layers = vec![layer(1, vec![square(0.0, 1)]), layer(2, vec![square(50.0, 2)])];
        assert!(damage(&layers, &layers.clone()).is_empty());
        let rebuilt = vec![layer(1, vec![square(0.0, 1)]), layer(2, vec![square(50.0, 2)])];
        assert!(damage(&layers, &rebuilt).is_empty());
    }

    #[test]
    fn one_changed_primitive_is_painted_alone() {
        let before = vec![layer(1, vec![square(20.0, 1), square(500.0, 2)])];
        let after = vec![layer(1, vec![square(20.0, 1), square(500.0, 3)])];
        assert_eq!(pixels(&damage(&before, &after)), 12 * 11);
    }

    #[test]
    fn a_moved_layer_is_painted_where_it_was_and_where_it_is() {
        let before = vec![layer(1, vec![square(100.0, 1)])];
        let mut after = before.clone();
        after[0].offset = WallVector::new(400.0, 0.0);
        let rects = damage(&before, &after);
        assert_eq!(rects.len(), 2);
        assert!(rects.iter().any(|r| r.min.x == 499) && rects.iter().any(|r| r.min.x == 99));
    }

    #[test]
    fn layers_that_come_go_or_change_places_are_painted() {
        let (a, b) = (layer(1, vec![square(0.0, 1)]), layer(2, vec![square(5.0, 2)]));
        assert!(!damage(std::slice::from_ref(&a), &[a.clone(), b.clone()]).is_empty());
        assert!(!damage(&[a.clone(), b.clone()], std::slice::from_ref(&a)).is_empty());
        assert!(!damage(&[a.clone(), b.clone()], &[b, a]).is_empty());
    }
}
