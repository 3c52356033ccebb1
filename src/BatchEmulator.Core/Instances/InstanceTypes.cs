using System.Text.RegularExpressions;

namespace BatchEmulator.Core.Instances;

/// <summary>
/// The instance types that a compute environment may name (User Guide, "Instance type compute table"): a family, a family with a size, or a
/// bundle.
/// </summary>
public static partial class InstanceTypes
{
    /// <summary>Families of each bundle. Since November 2025, <c>optimal</c> is what <c>default_x86_64</c> is.</summary>
    private static readonly Dictionary<string, string[]> Bundles = new(StringComparer.Ordinal)
    {
        ["optimal"] = ["m6i", "c6i", "r6i", "c7i"],
        ["default_x86_64"] = ["m6i", "c6i", "r6i", "c7i"],
        ["default_arm64"] = ["m6g", "c6g", "r6g", "c7g"],
    };

    /// <summary>Families that are not sold any more and that older configurations name; nothing is known about their sizes.</summary>
    private static readonly HashSet<string> Retired = ["f1", "g3", "g3s", "p2", "p3"];

    /// <summary>All valid names, for the message that refuses another.</summary>
    public static IEnumerable<string> Known => InstanceCatalog.Families.Concat(Retired).Order(StringComparer.Ordinal).Concat(Bundles.Keys);

    /// <summary>Returns true if a type is known.</summary>
    public static bool IsKnown(string type) =>
        Bundles.ContainsKey(type) || InstanceCatalog.Find(type) is not null || InstanceCatalog.Families.Contains(type) || IsRetired(type);

    /// <summary>Returns true if a type belongs to a family that is not sold any more.</summary>
    public static bool IsRetired(string type)
    {
        var dot = type.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? Retired.Contains(type) : Retired.Contains(type[..dot]) && SizePattern().IsMatch(type[(dot + 1)..]);
    }

    /// <summary>Returns true if a known type has Graviton processors.</summary>
    public static bool IsArm(string type) => type == "default_arm64" || ArmPattern().IsMatch(type);

    /// <summary>Returns the families of a bundle; null if the name is none.</summary>
    internal static IReadOnlyList<string>? FamiliesOf(string bundle) => Bundles.GetValueOrDefault(bundle);

    [GeneratedRegex(@"\A([0-9]{0,3}xlarge)\z", RegexOptions.NonBacktracking)]
    private static partial Regex SizePattern();

    [GeneratedRegex(@"\A(a1|[a-z]+[0-9]g[a-z]*)(\.|\z)", RegexOptions.NonBacktracking)]
    private static partial Regex ArmPattern();
}
