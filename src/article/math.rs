//! Formulas: LaTeX → MathML.

use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::event::{Content, Event};
use pulldown_latex::{Parser, Storage};

/// How a formula stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Display {
    /// In its line.
    Inline,
    /// In a line of its own.
    Block,
}

/// The MathML of `formula`, or what is wrong with it.
///
/// The crate writes its annotation, signs and names of functions unescaped, so no annotation
/// is asked for, signs are escaped here, and no name may hold what HTML reads; and it shows
/// faults as red boxes in the page, so they are looked for first.
pub(crate) fn mathml(formula: &str, display: Display) -> Result<String, String> {
    let storage = Storage::new();
    let events: Result<Vec<_>, _> = Parser::new(formula, &storage).collect();
    let events = events.map_err(|error| first_line(&error.to_string()))?;
    let is_markup = |event: &Event<'_>| matches!(event, Event::Content(Content::Function(name)) if name.contains(['<', '&']));
    if events.iter().any(is_markup) {
        return Err("the name of a function holds `<` or `&`".to_owned());
    }
    let display_mode = match display {
        Display::Inline => DisplayMode::Inline,
        Display::Block => DisplayMode::Block,
    };
    let config = RenderConfig { display_mode, annotation: None, ..RenderConfig::default() };
    let mut html = String::new();
    let events = events.into_iter().map(Ok::<_, pulldown_latex::ParserError>);
    pulldown_latex::push_mathml(&mut html, events, config)
        .map_err(|error| first_line(&error.to_string()))?;
    Ok(html.replace("><<", ">&lt;<").replace(">&<", ">&amp;<"))
}

fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or("it is not LaTeX").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(formula: &str, holds: &str) {
        let html = mathml(formula, Display::Inline).unwrap();
        assert!(html.contains(holds), "{html}");
    }

    #[test]
    fn signs_are_escaped() {
        check("a < b", "<mo>&lt;</mo>");
        check(r"a \lt b", "<mo>&lt;</mo>");
        check(r"a \& b", ">&amp;<");
        check(r"\text{a <b> & c}", "a &lt;b&gt; &amp; c");
        assert!(mathml(r"\operatorname{<b>}", Display::Inline).is_err());
    }
}
