//! Views as Tera's values.
//!
//! Not by serde's derive: that would copy every string of every page, and could neither share a value
//! between pages nor say that a text is HTML already.

use std::ops::Deref;
use std::sync::Arc;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};
use tera::Value;

/// What can be given to a template.
pub trait ToValue {
    /// The value; what is shared is not copied.
    fn to_value(&self) -> Value;
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

/// HTML that Agon rendered: a template prints it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(pub String);

impl ToValue for Html {
    fn to_value(&self) -> Value {
        Value::safe_string(&self.0)
    }
}

/// A view that several pages show, with its value.
#[derive(Debug)]
pub struct Made<T> {
    view: Arc<T>,
    value: Value,
}

impl<T> Clone for Made<T> {
    fn clone(&self) -> Self {
        Self { view: self.view.clone(), value: self.value.clone() }
    }
}

impl<T: ToValue> Made<T> {
    /// Makes the value of `view`, once.
    #[must_use]
    pub fn new(view: T) -> Self {
        let value = view.to_value();
        Self { view: Arc::new(view), value }
    }
}

impl<T: ToValue + Default> Default for Made<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> Deref for Made<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.view
    }
}

impl<T> ToValue for Made<T> {
    fn to_value(&self) -> Value {
        self.value.clone()
    }
}

impl ToValue for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value {
        Value::normal_string(self)
    }
}

impl ToValue for &'static str {
    fn to_value(&self) -> Value {
        Value::normal_string(self)
    }
}

impl ToValue for bool {
    fn to_value(&self) -> Value {
        Value::from(*self)
    }
}

impl ToValue for usize {
    fn to_value(&self) -> Value {
        Value::from(*self)
    }
}

impl ToValue for u32 {
    fn to_value(&self) -> Value {
        Value::from(*self)
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or_else(Value::none, ToValue::to_value)
    }
}

impl<T: ToValue> ToValue for Vec<T> {
    fn to_value(&self) -> Value {
        Value::from(self.iter().map(ToValue::to_value).collect::<Vec<Value>>())
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
        }
    )*};
}

pub(crate) use views;
