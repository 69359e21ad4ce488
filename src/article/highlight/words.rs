//! Keywords and types of the languages of the lexer; every list is sorted, for binary search.

pub(super) const RUST: &[&str] = &[
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum",
    "extern", "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut",
    "pub", "ref", "return", "static", "struct", "super", "trait", "type", "union", "unsafe",
    "use", "where", "while", "yield",
];

pub(super) const RUST_TYPES: &[&str] = &[
    "bool", "char", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize", "str", "u128",
    "u16", "u32", "u64", "u8", "usize",
];

pub(super) const PYTHON: &[&str] = &[
    "and", "as", "assert", "async", "await", "break", "case", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in",
    "is", "lambda", "match", "nonlocal", "not", "or", "pass", "raise", "return", "try",
    "while", "with", "yield",
];

pub(super) const PYTHON_TYPES: &[&str] = &[
    "bool", "bytes", "complex", "dict", "float", "frozenset", "int", "list", "object", "set",
    "str", "tuple", "type",
];

pub(super) const SQL: &[&str] = &[
    "add", "all", "alter", "and", "any", "as", "asc", "begin", "between", "by", "cascade",
    "case", "check", "column", "commit", "constraint", "create", "cross", "database",
    "default", "delete", "desc", "distinct", "drop", "else", "end", "except", "exists",
    "foreign", "from", "full", "function", "grant", "group", "having", "if", "in", "index",
    "inner", "insert", "intersect", "into", "is", "join", "key", "lateral", "left", "like",
    "limit", "natural", "not", "offset", "on", "or", "order", "outer", "over", "partition",
    "primary", "procedure", "recursive", "references", "returning", "revoke", "right",
    "rollback", "row", "rows", "select", "set", "table", "then", "to", "transaction",
    "trigger", "truncate", "union", "unique", "update", "using", "values", "view", "when",
    "where", "window", "with",
];

pub(super) const SQL_TYPES: &[&str] = &[
    "bigint", "blob", "boolean", "char", "date", "decimal", "double", "float", "int",
    "integer", "interval", "json", "jsonb", "numeric", "real", "serial", "smallint", "text",
    "time", "timestamp", "uuid", "varchar",
];

pub(super) const JAVASCRIPT: &[&str] = &[
    "abstract", "as", "async", "await", "break", "case", "catch", "class", "const", "continue",
    "debugger", "declare", "default", "delete", "do", "else", "enum", "export", "extends",
    "finally", "for", "from", "function", "get", "if", "implements", "import", "in",
    "instanceof", "interface", "is", "keyof", "let", "namespace", "new", "of", "private",
    "protected", "public", "readonly", "return", "satisfies", "set", "static", "switch",
    "throw", "try", "type", "typeof", "var", "void", "while", "with", "yield",
];

pub(super) const JAVASCRIPT_TYPES: &[&str] = &[
    "any", "bigint", "boolean", "never", "number", "object", "string", "symbol", "unknown",
];

pub(super) const C: &[&str] = &[
    "alignas", "alignof", "auto", "break", "case", "catch", "class", "co_await", "co_return",
    "co_yield", "concept", "const", "consteval", "constexpr", "constinit", "continue",
    "default", "delete", "do", "else", "enum", "explicit", "export", "extern", "final", "for",
    "friend", "goto", "if", "inline", "mutable", "namespace", "new", "noexcept", "operator",
    "override", "private", "protected", "public", "register", "requires", "restrict", "return",
    "sizeof", "static", "static_assert", "static_cast", "struct", "switch", "template",
    "throw", "try", "typedef", "typename", "union", "using", "virtual", "volatile", "while",
];

pub(super) const C_TYPES: &[&str] = &[
    "bool", "char", "double", "float", "int", "int16_t", "int32_t", "int64_t", "int8_t",
    "intptr_t", "long", "ptrdiff_t", "short", "signed", "size_t", "ssize_t", "uint16_t",
    "uint32_t", "uint64_t", "uint8_t", "uintptr_t", "unsigned", "void", "wchar_t",
];

pub(super) const JAVA: &[&str] = &[
    "abstract", "assert", "break", "case", "catch", "class", "const", "continue", "default",
    "do", "else", "enum", "extends", "final", "finally", "for", "goto", "if", "implements",
    "import", "instanceof", "interface", "native", "new", "package", "permits",
    "private", "protected", "public", "record", "return", "sealed", "static", "strictfp",
    "switch", "synchronized", "throw", "throws", "transient", "try", "var", "volatile", "when",
    "while", "yield",
];

pub(super) const JAVA_TYPES: &[&str] = &[
    "boolean", "byte", "char", "double", "float", "int", "long", "short", "void",
];

pub(super) const CSHARP: &[&str] = &[
    "abstract", "as", "async", "await", "base", "break", "case", "catch", "checked", "class",
    "const", "continue", "default", "delegate", "do", "else", "enum", "event", "explicit",
    "extern", "finally", "fixed", "for", "foreach", "get", "goto", "if", "implicit", "in",
    "init", "interface", "internal", "is", "lock", "nameof", "namespace", "new", "operator",
    "out", "override", "params", "partial", "private", "protected", "public", "readonly",
    "record", "ref", "required", "return", "sealed", "set", "sizeof", "stackalloc", "static",
    "struct", "switch", "throw", "try", "typeof", "unchecked", "unsafe", "using", "var",
    "virtual", "volatile", "when", "where", "while", "with", "yield",
];

pub(super) const CSHARP_TYPES: &[&str] = &[
    "bool", "byte", "char", "decimal", "double", "dynamic", "float", "int", "long", "nint",
    "nuint", "object", "sbyte", "short", "string", "uint", "ulong", "ushort", "void",
];

pub(super) const GO: &[&str] = &[
    "break", "case", "chan", "const", "continue", "default", "defer", "else", "fallthrough",
    "for", "func", "go", "goto", "if", "import", "interface", "map", "package", "range",
    "return", "select", "struct", "switch", "type", "var",
];

pub(super) const GO_TYPES: &[&str] = &[
    "any", "bool", "byte", "complex128", "complex64", "error", "float32", "float64", "int",
    "int16", "int32", "int64", "int8", "rune", "string", "uint", "uint16", "uint32", "uint64",
    "uint8", "uintptr",
];

pub(super) const KOTLIN: &[&str] = &[
    "abstract", "actual", "annotation", "as", "break", "by", "catch", "class", "companion",
    "const", "constructor", "continue", "crossinline", "data", "do", "else", "enum", "expect",
    "external", "final", "finally", "for", "fun", "get", "if", "import", "in", "infix", "init",
    "inline", "inner", "interface", "internal", "is", "lateinit", "noinline", "object", "open",
    "operator", "out", "override", "package", "private", "protected", "public", "reified",
    "return", "sealed", "set", "suspend", "tailrec", "throw", "try", "typealias", "val",
    "value", "var", "vararg", "when", "where", "while",
];

pub(super) const SWIFT: &[&str] = &[
    "actor", "as", "associatedtype", "async", "await", "break", "case", "catch", "class",
    "continue", "convenience", "default", "defer", "deinit", "do", "dynamic", "else", "enum",
    "extension", "fallthrough", "fileprivate", "final", "for", "func", "get", "guard", "if",
    "import", "in", "indirect", "infix", "init", "inout", "internal", "is", "isolated", "lazy",
    "let", "mutating", "nonisolated", "open", "operator", "optional", "override", "postfix",
    "precedencegroup", "prefix", "private", "protocol", "public", "repeat", "required",
    "rethrows", "return", "set", "some", "static", "struct", "subscript", "switch", "throw",
    "throws", "try", "typealias", "unowned", "var", "weak", "where", "while",
];

pub(super) const SHELL: &[&str] = &[
    "alias", "break", "case", "continue", "declare", "do", "done", "elif", "else", "esac",
    "eval", "exec", "exit", "export", "fi", "for", "function", "if", "in", "local", "readonly",
    "return", "select", "set", "shift", "source", "then", "trap", "unset", "until", "while",
];
