using Xunit.v3;

namespace BatchEmulator.Tests;

/// <summary>
/// Ties a rule of AWS to the test that verifies it; the table docs/aws-rules.md is generated from these attributes. On a theory it counts
/// for all rows together. If several tests verify a rule, each of them states it in the same words.
/// </summary>
/// <param name="section">The section of the behaviour reference, which is also a trait of the test (<c>Section=5.3</c>).</param>
/// <param name="evidence">The source that the rule is known from.</param>
/// <param name="rule">The rule in the project's own words.</param>
/// <param name="text">AWS's sentence, with <c>&lt;placeholders&gt;</c>; the test asserts it. Empty for a rule without one.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class AwsRuleAttribute(string section, Evidence evidence, string rule, string text = "") : Attribute, ITraitAttribute
{
    public string Section => section;

    public Evidence Evidence => evidence;

    public string Rule => rule;

    public string Text => text;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Section", section)];
}

/// <summary>The evidence for a rule, as the behaviour reference tags it.</summary>
internal enum Evidence
{
    /// <summary>Seen on AWS.</summary>
    Live,

    /// <summary>Recorded from AWS.</summary>
    Rec,

    /// <summary>Documented by AWS.</summary>
    Doc,

    /// <summary>Relied on by a widely used client.</summary>
    Client,

    /// <summary>Follows from several other facts.</summary>
    Infer,

    /// <summary>Not known; the sentence is the project's own and is listed in <c>OpenTexts</c>.</summary>
    Open,
}
