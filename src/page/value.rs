//! Views as Tera's values.
//!
//! Not by serde's derive: that would copy every string of every page, and could neither share a
//! value between pages nor say that a text is HTML already.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};
use tera::{Context, Value};

use super::shape::{Leaf, Shape, Signs};

/// What can be given to a template.
pub trait ToValue {
    /// The value; what is shared is not copied.
    fn to_value(&self) -> Value;

    /// The same with a sign for each text and number that is printed.
    fn to_signs(&self, signs: &mut Signs) -> Value;

    /// Tells `shape` those texts and numbers, in the order of their signs, and all else that
    /// decides what a template makes of it.
    fn tell<'a>(&'a self, shape: &mut Shape<'a>);
}

/// What a template is given: `views` by their names, each as `value` makes it, and the site.
pub(super) fn context(
    views: &[(&'static str, &dyn ToValue)],
    site: Value,
    mut value: impl FnMut(&dyn ToValue) -> Value,
) -> Context {
    let mut context = Context::new();
    for (name, view) in views {
        context.insert_value(*name, value(*view));
    }
    context.insert_value("site", site);
    context
}

/// A field of a view, as docs/themes.md lists it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in a template.
    pub name: &'static str,
    /// Its type in Rust.
    pub kind: &'static str,
    /// What it is.
    pub meaning: &'static str,
}

/// HTML that Agon rendered, without ids and links: a template prints it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// The HTML `text`, in which nothing looks like an attribute.
    #[must_use]
    pub fn bare(text: String) -> Self {
        Self(text)
    }

    /// The HTML.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A view that several pages show, with its value, which is made once.
#[derive(Debug)]
pub struct Made<T>(Arc<(T, OnceLock<Value>)>);

impl<T> Clone for Made<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Made<T> {
    /// Shares `view`.
    #[must_use]
    pub fn new(view: T) -> Self {
        Self(Arc::new((view, OnceLock::new())))
    }
}

impl<T: Default> Default for Made<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> Deref for Made<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.0
    }
}

impl<T: ToValue> ToValue for Made<T> {
    fn to_value(&self) -> Value {
        self.0.1.get_or_init(|| (**self).to_value()).clone()
    }

    fn to_signs(&self, signs: &mut Signs) -> Value {
        (**self).to_signs(signs)
    }

    fn tell<'a>(&'a self, shape: &mut Shape<'a>) {
        (**self).tell(shape);
    }
}

impl ToValue for Html {
    fn to_value(&self) -> Value {
        Value::safe_string(&self.0)
    }

    fn to_signs(&self, signs: &mut Signs) -> Value {
        signs.of_text(&self.0)
    }

    fn tell<'a>(&'a self, shape: &mut Shape<'a>) {
        shape.leaf(Leaf::Html(self));
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value {
        Value::normal_string(self)
    }

    fn to_signs(&self, signs: &mut Signs) -> Value {
        signs.of_text(self)
    }

    fn tell<'a>(&'a self, shape: &mut Shape<'a>) {
        shape.leaf(Leaf::of(self));
    }
}

/// A word of which there are few: an id, a rule.
impl ToValue for &'static str {
    fn to_value(&self) -> Value {
        Value::normal_string(self)
    }

    fn to_signs(&self, _: &mut Signs) -> Value {
        self.to_value()
    }

    fn tell<'a>(&'a self, shape: &mut Shape<'a>) {
        shape.word(self);
    }
}

impl ToValue for bool {
    fn to_value(&self) -> Value {
        Value::from(*self)
    }

    fn to_signs(&self, _: &mut Signs) -> Value {
        self.to_value()
    }

    fn tell<'a>(&'a self, shape: &mut Shape<'a>) {
        shape.count(usize::from(*self));
    }
}

impl ToValue for usize {
    fn to_value(&self) -> Value {
        Value::from(*self)
    }

    fn to_signs(&self, signs: &mut Signs) -> Value {
        if *self == 0 { self.to_value() } else { signs.next() }
    }

    fn tell<'a>(&'a self, shape: &mut Shape<'a>) {
        shape.leaf(Leaf::Number(*self));
    }
}

impl ToValue for u32 {
    fn to_value(&self) -> Value {
        Value::from(*self)
    }

    fn to_signs(&self, signs: &mut Signs) -> Value {
        if *self == 0 { self.to_value() } else { signs.next() }
    }

    fn tell<'a>(&'a self, shape: &mut Shape<'a>) {
        shape.leaf(Leaf::Number(*self as usize));
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or_else(Value::none, ToValue::to_value)
    }

    fn to_signs(&self, signs: &mut Signs) -> Value {
        self.as_ref().map_or_else(Value::none, |some| some.to_signs(signs))
    }

    fn tell<'a>(&'a self, shape: &mut Shape<'a>) {
        shape.count(usize::from(self.is_some()));
        if let Some(some) = self {
            some.tell(shape);
        }
    }
}

impl<T: ToValue> ToValue for Vec<T> {
    fn to_value(&self) -> Value {
        Value::from(self.iter().map(ToValue::to_value).collect::<Vec<Value>>())
    }

    fn to_signs(&self, signs: &mut Signs) -> Value {
        Value::from(self.iter().map(|one| one.to_signs(signs)).collect::<Vec<Value>>())
    }

    fn tell<'a>(&'a self, shape: &mut Shape<'a>) {
        shape.count(self.len());
        self.iter().for_each(|one| one.tell(shape));
    }
}

/// The map of `fields`.
pub(crate) fn map<const N: usize>(fields: [(&'static str, Value); N]) -> Value {
    Value::from_serializable(&Fields(fields))
}

/// Tera makes its map straight from a struct, and takes values in it as they are; any other map
/// it would copy.
struct Fields<const N: usize>([(&'static str, Value); N]);

impl<const N: usize> Serialize for Fields<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("", N)?;
        for (name, value) in &self.0 {
            fields.serialize_field(name, value)?;
        }
        fields.end()
    }
}

/// Declares structs that templates are given: their value has a key for each field.
macro_rules! views {
    ($(
        $(#[doc = $about:literal])*
        $(#[derive($($derived:ident),*)])?
        pub struct $name:ident {
            $($(#[doc = $meaning:literal])* pub $field:ident: $kind:ty,)*
        }
    )*) => {$(
        $(#[doc = $about])*
        #[derive(Clone, Debug $($(, $derived)*)?)]
        pub struct $name {
            $($(#[doc = $meaning])* pub $field: $kind,)*
        }

        impl $name {
            /// Its fields, as templates see them.
            pub const FIELDS: &[$crate::page::value::Field] = &[$(
                $crate::page::value::Field {
                    name: stringify!($field),
                    kind: stringify!($kind),
                    meaning: concat!($($meaning),*),
                },
            )*];
        }

        impl $crate::page::value::ToValue for $name {
            fn to_value(&self) -> tera::Value {
                $crate::page::value::map([
                    $((stringify!($field), $crate::page::value::ToValue::to_value(&self.$field)),)*
                ])
            }

            fn to_signs(&self, signs: &mut $crate::page::shape::Signs) -> tera::Value {
                $crate::page::value::map([
                    $((
                        stringify!($field),
                        $crate::page::value::ToValue::to_signs(&self.$field, signs),
                    ),)*
                ])
            }

            fn tell<'a>(&'a self, shape: &mut $crate::page::shape::Shape<'a>) {
                $($crate::page::value::ToValue::tell(&self.$field, shape);)*
            }
        }
    )*};
}

pub(crate) use views;
