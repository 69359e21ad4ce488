//! A YAML mapping whose every key and value has a place; the only file that knows which crate reads it.

/// A YAML value without places, for keys that are the theme's own (`extra`).
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// A mapping, in the order in which it was written.
    Map(Vec<(String, Value)>),
}
