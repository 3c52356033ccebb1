using System.Text.RegularExpressions;

namespace BatchEmulator.Core.ComputeEnvironments;

/// <summary>
/// The instance types that a compute environment may name (User Guide, "Instance type compute table"): a family, a family with a size, or
/// one of the collective names.
/// </summary>
public static partial class InstanceTypes
{
    private static readonly string[] Collective = ["optimal", "default_x86_64", "default_arm64"];

    private static readonly HashSet<string> Families =
    [
        "a1", "c3", "c4", "c5", "c5a", "c5ad", "c5d", "c5n", "c6a", "c6g", "c6gd", "c6gn", "c6i", "c6id", "c6in", "c7a", "c7g", "c7gd",
        "c7gn", "c7i", "c7i-flex", "c8g", "c8gd", "c8gn", "c8i", "d2", "d3", "d3en", "f1", "f2", "g3", "g3s", "g4ad", "g4dn", "g5", "g5g",
        "g6", "g6e", "gr6", "h1", "hpc6a", "hpc6id", "hpc7a", "hpc7g", "i2", "i3", "i3en", "i4g", "i4i", "i7i", "i7ie", "i8g", "im4gn",
        "inf1", "inf2", "is4gen", "m3", "m4", "m5", "m5a", "m5ad", "m5d", "m5dn", "m5n", "m5zn", "m6a", "m6g", "m6gd", "m6i", "m6id",
        "m6idn", "m6in", "m7a", "m7g", "m7gd", "m7i", "m7i-flex", "m8g", "m8gd", "m8i", "p2", "p3", "p3dn", "p4d", "p4de", "p5", "p5e",
        "p5en", "p6-b200", "r3", "r4", "r5", "r5a", "r5ad", "r5b", "r5d", "r5dn", "r5n", "r6a", "r6g", "r6gd", "r6i", "r6id", "r6idn",
        "r6in", "r7a", "r7g", "r7gd", "r7i", "r7iz", "r8g", "r8gd", "r8i", "t2", "t3", "t3a", "t4g", "trn1", "trn1n", "trn2", "u-3tb1",
        "u-6tb1", "vt1", "x1", "x1e", "x2gd", "x2idn", "x2iedn", "x2iezn", "x8g", "z1d",
    ];

    /// <summary>Returns true if a type is known.</summary>
    public static bool IsKnown(string type)
    {
        if (Collective.Contains(type))
        {
            return true;
        }

        var dot = type.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? Families.Contains(type) : Families.Contains(type[..dot]) && SizePattern().IsMatch(type[(dot + 1)..]);
    }

    /// <summary>Returns true if a known type has Graviton processors.</summary>
    public static bool IsArm(string type) => type == "default_arm64" || ArmPattern().IsMatch(type);

    /// <summary>All valid names, for the message that refuses another.</summary>
    public static IEnumerable<string> Known => Families.Order(StringComparer.Ordinal).Concat(Collective);

    [GeneratedRegex(@"\A(nano|micro|small|medium|large|[0-9]{0,3}xlarge|metal(-[0-9]+xl)?)\z", RegexOptions.NonBacktracking)]
    private static partial Regex SizePattern();

    [GeneratedRegex(@"\A(a1|[a-z]+[0-9]g[a-z]*)(\.|\z)", RegexOptions.NonBacktracking)]
    private static partial Regex ArmPattern();
}
