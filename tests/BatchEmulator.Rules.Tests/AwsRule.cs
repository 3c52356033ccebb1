using System.Reflection;

namespace BatchEmulator.Rules.Tests;

/// <summary>A rule of AWS with the tests that hold it.</summary>
/// <param name="Tests">At least one, ordered by class and name.</param>
internal sealed record AwsRule(string Section, Evidence Evidence, string Rule, string Text, IReadOnlyList<MethodInfo> Tests)
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>
    /// Returns the rules of all tests, ordered by their first tests; the rules of one test are in the order of its attributes.
    /// </summary>
    public static IReadOnlyList<AwsRule> All { get; } = Read();

    /// <summary>Returns the name of a test in the table.</summary>
    public static string Name(MethodInfo test) => $"{test.DeclaringType!.Name}.{test.Name}";

    /// <remarks>Every test project compiles its own attribute, so that the types are equal by name only.</remarks>
    private static AwsRule[] Read() => [..
        from assembly in Repository.TestAssemblies
        from type in assembly.GetTypes()
        from test in type.GetMethods(Declared)
        orderby type.Name, test.Name, type.FullName
        from attribute in test.GetCustomAttributesData()
        where attribute.AttributeType.FullName == typeof(AwsRuleAttribute).FullName
        let values = attribute.ConstructorArguments.Select(argument => argument.Value!).ToArray()
        let key = (Section: (string)values[0], Evidence: (Evidence)(int)values[1], Rule: (string)values[2], Text: (string)values[3])
        group test by key into rule
        select new AwsRule(rule.Key.Section, rule.Key.Evidence, rule.Key.Rule, rule.Key.Text, [.. rule])];
}
