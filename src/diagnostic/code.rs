//! Every kind of diagnostic.

/// The kind of a diagnostic; its name is what `--format json` and the docs use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// The front matter has no closing `---`.
    FrontMatterUnclosed,
    /// The front matter, `site.yaml` or `theme.yaml` is no YAML.
    YamlSyntax,
    /// A key that Agon does not know.
    UnknownKey,
    /// A key that stands twice in one mapping.
    DuplicateKey,
    /// A value of another type than its key takes.
    WrongType,
    /// A value that YAML reads as a comment, such as an unquoted `#ff0000`.
    CommentedValue,
    /// A key that this file must have.
    MissingKey,
    /// No date of the calendar.
    InvalidDate,
    /// No colour that Agon knows.
    UnknownColor,
    /// A value of the right type that its key does not take.
    InvalidValue,
    /// The file is not UTF-8.
    NotUtf8,
    /// A file or folder that could not be read.
    Unreadable,
    /// A symbolic link that leads out of the site.
    SymlinkOutside,
    /// A symbolic link that leads round in a circle, or nowhere.
    SymlinkCycle,
    /// A name that some systems cannot hold, or one that leaves the output.
    PathNotPortable,
    /// `rebuts` names an article that does not exist.
    UnknownParent,
    /// `rebuts` could mean several articles.
    AmbiguousParent,
    /// `rebuts` names a draft or an article of the future.
    DroppedParent,
    /// An article that rebuts itself.
    SelfRebuttal,
    /// Articles that rebut each other in a circle.
    RebuttalCycle,
    /// `rebuts` names a plain page.
    ParentIsPage,
    /// A reply that is dated before what it answers.
    ReplyBeforeParent,
    /// One side with two colours in a debate.
    SideColors,
    /// `motion` in an article that is no original.
    MotionOnReply,
    /// Two claimants of one URL.
    UrlTaken,
    /// A slug that the site's own pages use.
    ReservedSlug,
    /// A slug or alias that is no path of a site.
    InvalidSlug,
    /// A link to what does not exist.
    DeadLink,
    /// A link to a heading or ¶ that does not exist.
    DeadFragment,
    /// A link to a draft or an article of the future.
    LinkToDropped,
    /// A link to a file that Agon does not read.
    LinkOutside,
    /// A footnote mark without a footnote.
    UndefinedFootnote,
    /// One id twice on a page.
    DuplicateId,
    /// A quote that is not what its parent says.
    Misquotation,
    /// A quote that leaves out, or puts in, the word that denies what it says.
    DenialChanged,
    /// A quote whose words stand in several places.
    AmbiguousQuote,
    /// A quote whose attribution names another ¶ than holds its words.
    WrongParagraph,
    /// A quote that no passage of the parent is near.
    QuoteNotFound,
    /// A quote without words.
    EmptyQuote,
    /// A line of a blockquote that lacks its `>`.
    LazyContinuation,
    /// A formula that could not be read.
    InvalidMath,
    /// Nesting beyond what Agon follows.
    TooDeep,
    /// A theme that does not exist.
    UnknownTheme,
    /// Themes that extend each other in a circle.
    ThemeCycle,
    /// A template that cannot be read.
    TemplateSyntax,
    /// A template that failed on a page.
    TemplateRender,
    /// An output folder that Agon must not write to.
    OutputRefused,
    /// A file that could not be written.
    Unwritable,
    /// The record of what an earlier build wrote is missing or damaged.
    ManifestDamaged,
    /// No site was found.
    NoSite,
    /// Without a base URL the feed and all that must be absolute is left out.
    NoBaseUrl,
    /// A base URL that is none.
    InvalidBaseUrl,
    /// A footnote that no mark leads to.
    UnusedFootnote,
    /// A template that another one or a page needs, and that does not exist.
    MissingTemplate,
    /// Git is missing, or did not do what it was asked.
    GitFailed,
    /// A deployment that would overwrite what it must not.
    DeployRefused,
    /// A file or site that is larger than its host takes.
    TooLarge,
    /// Nothing can be served: no port is free.
    CannotServe,
    /// An argument that the command does not take.
    InvalidArgument,
    /// Something that a command would make and that is there.
    AlreadyThere,
    /// The editor could not be opened, or failed.
    EditorFailed,
    /// A part of Agon that this program was built without.
    NotBuiltIn,
    /// An outward link that leads nowhere.
    DeadOutwardLink,
    /// An outward link whose page has moved for good.
    MovedLink,
    /// An outward link of which its host does not say whether it leads anywhere.
    UnverifiedLink,
    /// A file that is not published, and why.
    LeftOut,
    /// A quote that was excused from checking.
    ExcusedQuote,
}

impl Code {
    /// Every kind, in the order of their declaration.
    pub const ALL: &[Self] = &[
        Self::FrontMatterUnclosed,
        Self::YamlSyntax,
        Self::UnknownKey,
        Self::DuplicateKey,
        Self::WrongType,
        Self::CommentedValue,
        Self::MissingKey,
        Self::InvalidDate,
        Self::UnknownColor,
        Self::InvalidValue,
        Self::NotUtf8,
        Self::Unreadable,
        Self::SymlinkOutside,
        Self::SymlinkCycle,
        Self::PathNotPortable,
        Self::UnknownParent,
        Self::AmbiguousParent,
        Self::DroppedParent,
        Self::SelfRebuttal,
        Self::RebuttalCycle,
        Self::ParentIsPage,
        Self::ReplyBeforeParent,
        Self::SideColors,
        Self::MotionOnReply,
        Self::UrlTaken,
        Self::ReservedSlug,
        Self::InvalidSlug,
        Self::DeadLink,
        Self::DeadFragment,
        Self::LinkToDropped,
        Self::LinkOutside,
        Self::UndefinedFootnote,
        Self::DuplicateId,
        Self::Misquotation,
        Self::DenialChanged,
        Self::AmbiguousQuote,
        Self::WrongParagraph,
        Self::QuoteNotFound,
        Self::EmptyQuote,
        Self::LazyContinuation,
        Self::InvalidMath,
        Self::TooDeep,
        Self::UnknownTheme,
        Self::ThemeCycle,
        Self::TemplateSyntax,
        Self::TemplateRender,
        Self::OutputRefused,
        Self::Unwritable,
        Self::ManifestDamaged,
        Self::NoSite,
        Self::NoBaseUrl,
        Self::InvalidBaseUrl,
        Self::UnusedFootnote,
        Self::MissingTemplate,
        Self::GitFailed,
        Self::DeployRefused,
        Self::TooLarge,
        Self::CannotServe,
        Self::InvalidArgument,
        Self::AlreadyThere,
        Self::EditorFailed,
        Self::NotBuiltIn,
        Self::DeadOutwardLink,
        Self::MovedLink,
        Self::UnverifiedLink,
        Self::LeftOut,
        Self::ExcusedQuote,
    ];

    /// The name: lower case, words parted by `-`.
    #[must_use]
    #[allow(clippy::too_many_lines, reason = "a table, a line a kind")]
    pub fn name(self) -> &'static str {
        match self {
            Self::FrontMatterUnclosed => "front-matter-unclosed",
            Self::YamlSyntax => "yaml-syntax",
            Self::UnknownKey => "unknown-key",
            Self::DuplicateKey => "duplicate-key",
            Self::WrongType => "wrong-type",
            Self::CommentedValue => "commented-value",
            Self::MissingKey => "missing-key",
            Self::InvalidDate => "invalid-date",
            Self::UnknownColor => "unknown-color",
            Self::InvalidValue => "invalid-value",
            Self::NotUtf8 => "not-utf8",
            Self::Unreadable => "unreadable",
            Self::SymlinkOutside => "symlink-outside",
            Self::SymlinkCycle => "symlink-cycle",
            Self::PathNotPortable => "path-not-portable",
            Self::UnknownParent => "unknown-parent",
            Self::AmbiguousParent => "ambiguous-parent",
            Self::DroppedParent => "dropped-parent",
            Self::SelfRebuttal => "self-rebuttal",
            Self::RebuttalCycle => "rebuttal-cycle",
            Self::ParentIsPage => "parent-is-page",
            Self::ReplyBeforeParent => "reply-before-parent",
            Self::SideColors => "side-colors",
            Self::MotionOnReply => "motion-on-reply",
            Self::UrlTaken => "url-taken",
            Self::ReservedSlug => "reserved-slug",
            Self::InvalidSlug => "invalid-slug",
            Self::DeadLink => "dead-link",
            Self::DeadFragment => "dead-fragment",
            Self::LinkToDropped => "link-to-dropped",
            Self::LinkOutside => "link-outside",
            Self::UndefinedFootnote => "undefined-footnote",
            Self::DuplicateId => "duplicate-id",
            Self::Misquotation => "misquotation",
            Self::DenialChanged => "denial-changed",
            Self::AmbiguousQuote => "ambiguous-quote",
            Self::WrongParagraph => "wrong-paragraph",
            Self::QuoteNotFound => "quote-not-found",
            Self::EmptyQuote => "empty-quote",
            Self::LazyContinuation => "lazy-continuation",
            Self::InvalidMath => "invalid-math",
            Self::TooDeep => "too-deep",
            Self::UnknownTheme => "unknown-theme",
            Self::ThemeCycle => "theme-cycle",
            Self::TemplateSyntax => "template-syntax",
            Self::TemplateRender => "template-render",
            Self::OutputRefused => "output-refused",
            Self::Unwritable => "unwritable",
            Self::ManifestDamaged => "manifest-damaged",
            Self::NoSite => "no-site",
            Self::NoBaseUrl => "no-base-url",
            Self::InvalidBaseUrl => "invalid-base-url",
            Self::UnusedFootnote => "unused-footnote",
            Self::MissingTemplate => "missing-template",
            Self::GitFailed => "git-failed",
            Self::DeployRefused => "deploy-refused",
            Self::TooLarge => "too-large",
            Self::CannotServe => "cannot-serve",
            Self::InvalidArgument => "invalid-argument",
            Self::AlreadyThere => "already-there",
            Self::EditorFailed => "editor-failed",
            Self::NotBuiltIn => "not-built-in",
            Self::DeadOutwardLink => "dead-outward-link",
            Self::MovedLink => "moved-link",
            Self::UnverifiedLink => "unverified-link",
            Self::LeftOut => "left-out",
            Self::ExcusedQuote => "excused-quote",
        }
    }
}
