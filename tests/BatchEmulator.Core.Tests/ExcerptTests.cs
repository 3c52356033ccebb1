using System.Text;

namespace BatchEmulator.Core.Tests;

public sealed class ExcerptTests
{
    [Theory]
    [InlineData("", 3, "")]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "abc")]
    [InlineData("ab😀", 3, "ab")]
    [InlineData("ab😀", 4, "ab😀")]
    [InlineData("ab😀x", 4, "ab😀")]
    [InlineData("😀", 1, "")]
    [InlineData("abc", 0, "")]
    public void Excerpt_is_no_longer_than_allowed_and_never_ends_in_half_a_character(string text, int maximumLength, string expected) =>
        Excerpt.Of(text, maximumLength).Should().Be(expected);

    [Theory]
    [InlineData("abcdef", 4, 4)]
    [InlineData("abc", 4, 3)]
    [InlineData("äääa", 4, 2)]
    [InlineData("äääa", 5, 2)]
    [InlineData("漢漢漢", 8, 2)]
    [InlineData("a😀b", 4, 1)]
    [InlineData("a😀b", 5, 3)]
    [InlineData("😀", 3, 0)]
    public void Length_within_a_number_of_bytes_is_the_largest_that_fits(string text, int maximumBytes, int expected) =>
        Excerpt.LengthWithin(text, maximumBytes).Should().Be(expected);

    [Theory]
    [InlineData("x")]
    [InlineData("ä")]
    [InlineData("漢")]
    [InlineData("😀")]
    [InlineData("a😀漢")]
    public void Long_text_is_truncated_close_to_the_limit(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 10_000));
        foreach (var maximum in new[] { 1_000, 1_001, 1_002, 1_003 })
        {
            var bytes = Encoding.UTF8.GetByteCount(text.AsSpan(0, Excerpt.LengthWithin(text, maximum)));

            bytes.Should().BeInRange(maximum - 3, maximum);
        }
    }
}
