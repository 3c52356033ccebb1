using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.ComputeEnvironments;

/// <summary>Validates a launch template specification; messages are AWS's.</summary>
internal static class LaunchTemplateRules
{
    private const int MaximumOverrides = 10;

    public static void Check(Wire.LaunchTemplateSpecification template, IReadOnlyList<string> instanceTypes)
    {
        var overrides = template.Overrides ?? [];
        var named = (string.IsNullOrEmpty(template.LaunchTemplateId) ? 0 : 1) + (string.IsNullOrEmpty(template.LaunchTemplateName) ? 0 : 1);
        Require(
            named == 1 || (named == 0 && overrides.Count > 0),
            "One of LaunchTemplateId and LaunchTemplateName or LaunchTemplate.overrides should be provided");
        CheckVersion(template.Version);
        Require(overrides.Count <= MaximumOverrides, "LaunchTemplate.overrides size cannot be greater than 10");
        var targets = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in overrides)
        {
            Require(
                string.IsNullOrEmpty(item.LaunchTemplateId) != string.IsNullOrEmpty(item.LaunchTemplateName),
                "LaunchTemplate.overrides should have either LaunchTemplateId or LaunchTemplateName");
            CheckVersion(item.Version);
            Require(item.TargetInstanceTypes is { Count: > 0 }, "LaunchTemplate.overrides.targetInstanceTypes[] is required");
            Require(item.TargetInstanceTypes!.All(targets.Add), "LaunchTemplate.overrides have duplicate targetInstanceTypes");
            Require(
                item.TargetInstanceTypes!.All(t => instanceTypes.Any(i => i == t || t.StartsWith(i + ".", StringComparison.Ordinal))),
                "LaunchTemplate.overrides have targetInstanceTypes that do not match");
        }
    }

    private static void CheckVersion(string? version) => Require(
        string.IsNullOrEmpty(version) || version is "$Default" or "$Latest" || version.All(char.IsAsciiDigit),
        "LaunchTemplateVersion must be either empty or a number or $Default or $Latest");
}
