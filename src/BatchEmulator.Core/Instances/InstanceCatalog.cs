using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace BatchEmulator.Core.Instances;

/// <summary>
/// The EC2 instance types, from <c>instance-types.csv</c>: facts of the public EC2 offering in us-east-1, July 2026. Read when first used.
/// </summary>
public static class InstanceCatalog
{
    private static readonly Lazy<Content> Loaded = new(Load);

    /// <summary>The types of the environments that are asked again and again, by the list that their owner gave.</summary>
    private static readonly ConditionalWeakTable<IReadOnlyList<string>, IReadOnlyList<InstanceType>> Resolved = [];

    /// <summary>Names of all families.</summary>
    internal static IReadOnlyCollection<string> Families => Loaded.Value.ByFamily.Keys;

    /// <summary>Finds a type by its name, e.g. <c>m6i.large</c>.</summary>
    public static InstanceType? Find(string name) => Loaded.Value.ByName.GetValueOrDefault(name);

    /// <summary>Returns the types that names stand for. A family stands for its sizes other than metal ones.</summary>
    /// <param name="names">Types, families and bundles.</param>
    public static IReadOnlyList<InstanceType> Resolve(IReadOnlyList<string> names) =>
        Resolved.GetValue(names, static given => [.. given.SelectMany(TypesOf).Distinct()]);

    private static IEnumerable<InstanceType> TypesOf(string name) =>
        InstanceTypes.FamiliesOf(name) is { } families ? families.SelectMany(OfFamily)
        : Find(name) is { } type ? [type]
        : OfFamily(name);

    private static IEnumerable<InstanceType> OfFamily(string family) => Loaded.Value.ByFamily.GetValueOrDefault(family, []);

    private static Content Load()
    {
        // type,vcpus,memoryMiB,architecture,gpus,gpu,usdPerHour
        var types = Lines().Skip(1).Select(line => line.Split(','))
            .Select(cells => new InstanceType(
                cells[0], Number(cells[1]), Number(cells[2]), Number(cells[4]), Price(cells[6])))
            .ToList();
        return new(
            types.ToFrozenDictionary(type => type.Name, StringComparer.Ordinal),
            types.GroupBy(type => type.Family, StringComparer.Ordinal)
                .ToFrozenDictionary(group => group.Key, group => group.Where(type => !type.IsMetal).ToArray(), StringComparer.Ordinal));
    }

#pragma warning disable RS0030 // Data of the assembly itself, not I/O.
    private static string[] Lines()
    {
        using var stream = typeof(InstanceCatalog).Assembly.GetManifestResourceStream("instance-types.csv")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
#pragma warning restore RS0030

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static decimal? Price(string text) => text.Length == 0 ? null : decimal.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Content(FrozenDictionary<string, InstanceType> ByName, FrozenDictionary<string, InstanceType[]> ByFamily);
}
