//! All other languages, by syntect: slow to warm up, so only where the lexer has no table.

use std::sync::OnceLock;

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxSet};

use super::{Class, Writer};

/// Longer code stays plain: syntect reads 0.14 to 1.35 MB/s, so this much takes half a second
/// at worst.
const MAX_CODE_BYTES: usize = 64 * 1024;

/// Scopes and their classes; the first that fits counts, so the finer stand first. The names
/// are those of Sublime Text's scope naming guide.
const CLASSES: &[(&str, Option<Class>)] = &[
    ("comment", Some(Class::Comment)),
    ("constant.character.escape", Some(Class::Constant)),
    ("constant.numeric", Some(Class::Number)),
    ("constant", Some(Class::Constant)),
    ("support.constant", Some(Class::Constant)),
    ("entity.name.function", Some(Class::Function)),
    ("support.function", Some(Class::Function)),
    ("variable.function", Some(Class::Function)),
    ("entity.name.macro", Some(Class::Macro)),
    ("support.macro", Some(Class::Macro)),
    ("variable.annotation", Some(Class::Macro)),
    ("entity.name.tag", Some(Class::Keyword)),
    ("entity.other.attribute-name", Some(Class::Attribute)),
    ("support.type.property-name", Some(Class::Attribute)),
    ("meta.mapping.key", Some(Class::Attribute)),
    ("entity.name", Some(Class::Type)),
    ("support.type", Some(Class::Type)),
    ("support.class", Some(Class::Type)),
    ("storage", Some(Class::Keyword)),
    ("keyword.operator", None),
    ("keyword", Some(Class::Keyword)),
    ("variable.language", Some(Class::Variable)),
    ("markup.inserted", Some(Class::Inserted)),
    ("markup.deleted", Some(Class::Deleted)),
    ("markup.heading", Some(Class::Keyword)),
    ("string", Some(Class::Text)),
];

fn syntaxes() -> &'static SyntaxSet {
    static SYNTAXES: OnceLock<SyntaxSet> = OnceLock::new();
    SYNTAXES.get_or_init(two_face::syntax::extra_newlines)
}

fn classes() -> &'static [(Scope, Option<Class>)] {
    static TABLE: OnceLock<Vec<(Scope, Option<Class>)>> = OnceLock::new();
    TABLE.get_or_init(|| {
        CLASSES.iter().filter_map(|&(name, class)| Some((Scope::new(name).ok()?, class))).collect()
    })
}

/// The HTML of `code`, or nothing where syntect does not know the language or gives up.
pub(super) fn highlight(code: &str, language: &str) -> Option<String> {
    if code.len() > MAX_CODE_BYTES {
        return None;
    }
    let set = syntaxes();
    let mut state = ParseState::new(set.find_syntax_by_token(language)?);
    let mut stack = ScopeStack::new();
    let mut writer = Writer::new(code);
    for line in code.split_inclusive('\n') {
        let mut start = 0;
        for (at, change) in state.parse_line(line, set).ok()? {
            let at = at.clamp(start, line.len());
            writer.push(line.get(start..at)?, class(&stack));
            start = at;
            stack.apply(&change).ok()?;
        }
        writer.push(line.get(start..)?, class(&stack));
    }
    Some(writer.finish())
}

/// The class of the innermost scope that has one.
fn class(stack: &ScopeStack) -> Option<Class> {
    let of = |scope: &Scope| classes().iter().find(|(prefix, _)| prefix.is_prefix_of(*scope));
    stack.as_slice().iter().rev().find_map(of).and_then(|&(_, class)| class)
}
