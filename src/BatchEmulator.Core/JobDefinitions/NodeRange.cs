using System.Globalization;

namespace BatchEmulator.Core.JobDefinitions;

/// <summary>
/// The targetNodes of a node range: <c>n</c>, <c>a:b</c>, <c>:b</c> from the first node on, <c>a:</c> to the last (API Reference,
/// NodeRangeProperty).
/// </summary>
/// <param name="Lower">The first index.</param>
/// <param name="Upper">Last index; null for the last node of the job.</param>
public readonly record struct NodeRange(int Lower, int? Upper)
{
    private const char Separator = ':';

    public bool IsOpen => Upper is null;

    public bool Contains(int index) => index >= Lower && (Upper is null || index <= Upper);

    /// <returns>The range; null if the text has anything but digits and one colon, or is reversed.</returns>
    public static NodeRange? Parse(string text)
    {
        var parts = text.Split(Separator);
        if (parts.Length > 2 || !TryParse(parts[0], out var lower) || !TryParse(parts[^1], out var upper) || text.Length == 0)
        {
            return null;
        }

        return (lower ?? 0) <= (upper ?? int.MaxValue) ? new NodeRange(lower ?? 0, upper) : null;
    }

    /// <summary>Returns the properties of a node. Of nested ranges, the narrower one applies; of two equal ones, the later.</summary>
    public static Wire.NodeRangeProperty PropertiesOf(Wire.NodeProperties nodes, int index)
    {
        (Wire.NodeRangeProperty Properties, int Width)? found = null;
        foreach (var properties in nodes.NodeRangeProperties!)
        {
            var range = Parse(properties.TargetNodes!)!.Value;
            var width = (range.Upper ?? int.MaxValue) - range.Lower;
            if (range.Contains(index) && (found is null || width <= found.Value.Width))
            {
                found = (properties, width);
            }
        }

        return found!.Value.Properties;
    }

    private static bool TryParse(string text, out int? index)
    {
        index = null;
        if (text.Length == 0)
        {
            return true;
        }

        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        index = number;
        return isNumber;
    }
}
