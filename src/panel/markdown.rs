//! A subset of Markdown (CommonMark): headings, paragraphs, lists, quotes, and what is emphasised in them.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::geometry::{WallPoint, WallRect, rect};
use crate::scene::{Brush, Colour, TextStyle, Weight, clean};

/// Words of one weight.
#[derive(Debug, Clone, PartialEq, Eq)]
struct StyledRun {
    text: String,
    strong: bool,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A heading of a level: 1 is the largest.
    Heading(u8),
    Paragraph,
    /// An item of a list, with its number where it has one, and how deep it is.
    Item(Option<u64>, usize),
    Quote,
}

/// One block of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Block {
    kind: Kind,
    words: Vec<StyledRun>,
    /// Whether it goes on in the item before it.
    goes_on: bool,
}

/// A text in blocks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    blocks: Vec<Block>,
}

impl Document {
    /// Reads a text. Whatever the subset does not have, such as pictures and code, is read as plain words.
    pub fn read(text: &str) -> Self {
        let mut blocks: Vec<Block> = Vec::new();
        let mut lists: Vec<Option<u64>> = Vec::new();
        let (mut strong, mut quotes, mut fresh_item) = (0_usize, 0_usize, false);
        let begin = |kind: Kind, goes_on: bool, blocks: &mut Vec<Block>| {
            blocks.push(Block { kind, words: Vec::new(), goes_on });
        };
        for event in Parser::new(text) {
            match event {
                Event::Start(Tag::Heading { level, .. }) => begin(Kind::Heading(level as u8), false, &mut blocks),
                Event::Start(Tag::Paragraph) => {
                    let goes_on = !lists.is_empty() && !fresh_item;
                    let kind = match lists.last() {
                        Some(_) => Kind::Item(None, lists.len()),
                        None if quotes > 0 => Kind::Quote,
                        None => Kind::Paragraph,
                    };
                    // The first paragraph of an item is the item.
                    if !fresh_item {
                        begin(kind, goes_on, &mut blocks);
                    }
                    fresh_item = false;
                }
                Event::Start(Tag::BlockQuote(_)) => quotes += 1,
                Event::End(TagEnd::BlockQuote(_)) => quotes = quotes.saturating_sub(1),
                Event::Start(Tag::List(first)) => lists.push(first),
                Event::End(TagEnd::List(_)) => drop(lists.pop()),
                Event::Start(Tag::Item) => {
                    let depth = lists.len();
                    let number =
                        lists.last_mut().and_then(|number| number.as_mut().map(|n| std::mem::replace(n, *n + 1)));
                    begin(Kind::Item(number, depth), false, &mut blocks);
                    fresh_item = true;
                }
                Event::Start(Tag::Strong | Tag::Emphasis) => strong += 1,
                Event::End(TagEnd::Strong | TagEnd::Emphasis) => strong = strong.saturating_sub(1),
                Event::Text(words) | Event::Code(words) => {
                    fresh_item = false;
                    if blocks.is_empty() {
                        begin(Kind::Paragraph, false, &mut blocks);
                    }
                    if let Some(block) = blocks.last_mut() {
                        block.words.push(StyledRun { text: words.into_string(), strong: strong > 0 });
                    }
                }
                Event::SoftBreak | Event::HardBreak => {
                    if let Some(block) = blocks.last_mut() {
                        block.words.push(StyledRun { text: " ".to_owned(), strong: false });
                    }
                }
                _ => {}
            }
        }
        blocks.retain(|block| block.words.iter().any(|words| !words.text.trim().is_empty()));
        Self { blocks }
    }

    /// Paints what there is room for; what does not fit is left out block by block from the end, and an ellipsis says so.
    pub fn paint(&self, brush: &mut Brush<'_>, area: WallRect, text: Colour, quiet: Colour) {
        let u = brush.theme.unit;
        let mut y = area.min.y;
        for (index, block) in self.blocks.iter().enumerate() {
            let style = match block.kind {
                Kind::Heading(1) => brush.theme.page_title(),
                Kind::Heading(_) => brush.theme.title(),
                _ => brush.theme.note(),
            };
            let indent = match block.kind {
                Kind::Item(_, depth) => 1.4 * depth as f32 * u,
                Kind::Quote => 1.0 * u,
                _ => 0.0,
            };
            let pitch = 1.25 * style.size;
            let lines = lines(brush, block, style, area.width() - indent);
            let before = match block.kind {
                _ if index == 0 => 0.0,
                Kind::Heading(_) => 0.8 * u,
                Kind::Item(..) if matches!(self.blocks[index - 1].kind, Kind::Item(..)) => 0.15 * u,
                _ => 0.45 * u,
            };
            let height = lines.len() as f32 * pitch;
            if y + before + height > area.max.y {
                if index > 0 {
                    let at = WallPoint::new(area.min.x, (y + 0.9 * u).min(area.max.y));
                    brush.text("…", brush.theme.note(), at, quiet);
                }
                return;
            }
            y += before;
            let first = y + 0.8 * pitch;
            let heading = matches!(block.kind, Kind::Heading(_));
            match block.kind {
                Kind::Item(number, _) if !block.goes_on => {
                    let left = area.min.x + indent;
                    match number {
                        Some(number) => {
                            brush.text_right(
                                &format!("{number}."),
                                style,
                                WallPoint::new(left - 0.4 * u, first),
                                quiet,
                            );
                        }
                        None => brush.dot(WallPoint::new(left - 0.75 * u, first - 0.34 * u), 0.28 * u, quiet),
                    }
                }
                Kind::Quote => brush.fill_rect(rect(area.min.x, y, 0.12 * u, height), 0.06 * u, quiet),
                _ => {}
            }
            for line in lines {
                let mut x = area.min.x + indent;
                for (words, style) in line {
                    let colour = if heading || style.weight == Weight::SemiBold { text } else { quiet };
                    x += brush.text(&words, style, WallPoint::new(x, y + 0.8 * pitch), colour);
                }
                y += pitch;
            }
        }
    }
}

/// A block's words in lines no wider than `width`, each line in pieces of one weight.
fn lines(brush: &mut Brush<'_>, block: &Block, style: TextStyle, width: f32) -> Vec<Vec<(String, TextStyle)>> {
    let mut lines: Vec<Vec<(String, TextStyle)>> = vec![Vec::new()];
    let mut used = 0.0;
    let mut space = false;
    for words in &block.words {
        // Cleaning takes the spaces at the ends, which part words of one weight from those of another.
        let inner = clean(&words.text, 2000);
        let space_at = |at_start: bool| if at_start { words.text.starts_with(' ') } else { words.text.ends_with(' ') };
        let text =
            [if space_at(true) { " " } else { "" }, inner.as_str(), if space_at(false) { " " } else { "" }].concat();
        let style = if words.strong { TextStyle { weight: Weight::SemiBold, ..style } } else { style };
        space |= text.starts_with(' ');
        for word in text.split_ascii_whitespace() {
            let gap = if space && used > 0.0 { " " } else { "" };
            let piece = format!("{gap}{word}");
            let long = brush.measure(&piece, style);
            if used > 0.0 && space && used + long > width {
                lines.push(Vec::new());
                used = 0.0;
            }
            let piece = if used == 0.0 { word.to_owned() } else { piece };
            used += brush.measure(&piece, style);
            if let Some(line) = lines.last_mut() {
                match line.last_mut() {
                    Some((last, weight)) if weight.weight == style.weight => last.push_str(&piece),
                    _ => line.push((piece, style)),
                }
            }
            space = true;
        }
        space = text.ends_with(' ') || (space && text.trim().is_empty());
    }
    lines.retain(|line| !line.is_empty());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(text: &str) -> Vec<(Kind, String)> {
        let written = |block: &Block| {
            block.words.iter().map(|w| if w.strong { format!("*{}*", w.text) } else { w.text.clone() }).collect()
        };
        Document::read(text).blocks.iter().map(|block| (block.kind, written(block))).collect()
    }

    #[test]
    fn blocks_are_told_apart_and_nothing_else_is_lost() {
        let text = "# Приём\n\nПо **понедельникам**, с 10 до 13.\nЗапись по 122.\n\n- раз\n- два\n  - внутри\n\n3. три\n4. четыре\n\n> цитата\n\n`код` и [ссылка](https://example.org)";
        let expected = [
            (Kind::Heading(1), "Приём"),
            (Kind::Paragraph, "По *понедельникам*, с 10 до 13. Запись по 122."),
            (Kind::Item(None, 1), "раз"),
            (Kind::Item(None, 1), "два"),
            (Kind::Item(None, 2), "внутри"),
            (Kind::Item(Some(3), 1), "три"),
            (Kind::Item(Some(4), 1), "четыре"),
            (Kind::Quote, "цитата"),
            (Kind::Paragraph, "код и ссылка"),
        ];
        assert_eq!(outline(text), expected.map(|(kind, words)| (kind, words.to_owned())).to_vec());
        assert_eq!(outline(""), []);
    }

    #[test]
    fn an_item_of_two_paragraphs_is_one_item_and_what_goes_on() {
        let document = Document::read("- первый\n\n  ещё о нём\n\n- второй");
        let goes_on: Vec<bool> = document.blocks.iter().map(|block| block.goes_on).collect();
        assert_eq!(goes_on, [false, true, false]);
    }
}
