using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.Tests.Identity;

public sealed class WildcardTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("abc", "abc", true)]
    [InlineData("abc", "ABC", false)]
    [InlineData("abc", "abcd", false)]
    [InlineData("*", "", true)]
    [InlineData("*", "anything", true)]
    [InlineData("a*", "a", true)]
    [InlineData("a*", "ba", false)]
    [InlineData("*a", "ba", true)]
    [InlineData("*a", "ab", false)]
    [InlineData("a*c", "abc", true)]
    [InlineData("a*c", "ac", true)]
    [InlineData("a*a", "a", false)]
    [InlineData("ab*ba", "aba", false)]
    [InlineData("a*b*c", "a-b-b-c", true)]
    [InlineData("a*b*c", "a-c-b", false)]
    [InlineData("**a**", "xay", true)]
    [InlineData("*ab*ab*", "xab", false)]
    public void Star_matches_any_characters_anywhere(string pattern, string text, bool expected) =>
        Wildcard.Anywhere(pattern).Matches(text).Should().Be(expected);

    [Theory]
    [InlineData("part*", "PARTY", true)]
    [InlineData("part*", "apart", false)]
    [InlineData("Part", "pARt", true)]
    [InlineData("Part", "party", false)]
    [InlineData("p*t*", "p*ty", true)]
    [InlineData("p*t*", "party", false)]
    [InlineData("p*t", "p*t", true)]
    [InlineData("p*t", "part", false)]
    public void Only_a_final_star_is_special_where_a_pattern_has_it_at_its_end(string pattern, string text, bool expected) =>
        Wildcard.AtEnd(pattern, ignoresCase: true).Matches(text).Should().Be(expected);

    [Fact]
    public void Case_counts_unless_it_is_ignored() => Wildcard.AtEnd("a*").Matches("Ab").Should().BeFalse();

    [Theory]
    [InlineData("abc", "abc", true)]
    [InlineData("abc*", "abc", false)]
    [InlineData("*", "", false)]
    [InlineData("a*c", "a*c", true)]
    public void Prefix_is_what_every_match_begins_with(string pattern, string prefix, bool isExact)
    {
        var wildcard = Wildcard.AtEnd(pattern);

        wildcard.Prefix.Should().Be(prefix);
        wildcard.IsExact.Should().Be(isExact);
    }
}
