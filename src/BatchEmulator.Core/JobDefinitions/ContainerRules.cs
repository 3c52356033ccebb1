using System.Text.RegularExpressions;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.JobDefinitions;

/// <summary>Validates containerProperties; messages are AWS's (API Reference, ContainerProperties).</summary>
internal static partial class ContainerRules
{
    private const string AwslogsDriver = "awslogs";

    /// <summary>Valid options (User Guide, "Use the awslogs log driver").</summary>
    private static readonly string[] AwslogsOptions =
    [
        "awslogs-group", "awslogs-region", "awslogs-stream-prefix", "awslogs-create-group", "awslogs-datetime-format",
        "awslogs-multiline-pattern", "awslogs-credentials-endpoint", "mode", "max-buffer-size", "tag",
    ];

    /// <param name="container">The container.</param>
    /// <param name="isFargate">True if it is to run on Fargate.</param>
    /// <param name="isAlone">True if it is the only container of its task; Fargate's sizes are those of tasks.</param>
    public static void Check(Wire.ContainerProperties container, bool isFargate, bool isAlone = true)
    {
        Require(!string.IsNullOrEmpty(container.Image), "ECS Container Image must be provided.");
        ContainerResourceRules.Check(container, isFargate, isAlone);
        CheckEnvironment(container.Environment);
        CheckSecrets(container);
        CheckLinuxParameters(container.LinuxParameters);
        CheckLogConfiguration(container.LogConfiguration);
        VolumeRules.Check(container);
        CheckCommand(container.Command);
        CheckExecutionRole(container.ExecutionRoleArn);
        if (container.User is { Length: > 0 } user)
        {
            Require(UserPattern().IsMatch(user), $"User '{user}' does not match regex ^([a-z0-9_][a-z0-9_-]{{0,30}})$");
        }

        if (isFargate)
        {
            FargateRules.Check(container);
        }
        else
        {
            Require(container.RuntimePlatform is null, "runtimePlatform is not applicable for EC2.");
            Require(container.FargatePlatformConfiguration is null, "fargatePlatformConfiguration not applicable for EC2.");
            Require(container.NetworkConfiguration is null, "networkConfiguration not applicable for EC2.");
        }
    }

    /// <summary>Checks the words of a command; a NUL would end an argument, since arguments are passed as C strings.</summary>
    public static void CheckCommand(IReadOnlyList<string>? command) =>
        Require((command ?? []).All(argument => !argument.Contains('\0', StringComparison.Ordinal)), OpenTexts.InvalidCommand);

    public static void CheckName(string? name) =>
        Require(string.IsNullOrEmpty(name) || ContainerNamePattern().IsMatch(name), OpenTexts.ContainerName);

    private static void CheckExecutionRole(string? role) =>
        Require(string.IsNullOrEmpty(role) || RolePattern().IsMatch(role), $"executionRoleArn {role} is not an iam role arn");

    public static void CheckEnvironment(IReadOnlyList<Wire.KeyValuePair>? environment)
    {
        foreach (var variable in environment ?? [])
        {
            Require(!string.IsNullOrEmpty(variable.Name), "Environment variable name is required.");
            Require(!variable.Name!.StartsWith("AWS_BATCH", StringComparison.Ordinal), OpenTexts.ReservedVariable(variable.Name));
            Require(
                IsName(variable.Name) && variable.Value?.Contains('\0', StringComparison.Ordinal) != true,
                OpenTexts.InvalidVariable(variable.Name));
        }
    }

    private static bool IsName(string name) => name.Length > 0 && name.AsSpan().IndexOfAny('=', '\0') < 0;

    private static void CheckSecrets(Wire.ContainerProperties container)
    {
        Require(
            !string.IsNullOrEmpty(container.ExecutionRoleArn)
                || (container.Secrets is not { Count: > 0 } && container.LogConfiguration?.SecretOptions is not { Count: > 0 }),
            "executionRoleArn cannot be empty when using secrets or secretOptions");
        foreach (var secret in container.Secrets ?? [])
        {
            Require(IsName(secret.Name!), OpenTexts.InvalidVariable(secret.Name!));
        }
    }

    private static void CheckLinuxParameters(Wire.LinuxParameters? linux)
    {
        if (linux is null)
        {
            return;
        }

        Require(linux.Swappiness is null or (>= 0 and <= 100), $"Invalid swappiness: {linux.Swappiness}, must be between 0 and 100.");
        Require(linux.MaxSwap is null or >= 0, $"Invalid swap memory size: {linux.MaxSwap}, must be non-negative.");
        Require(
            linux.MaxSwap is null || linux.Swappiness is not null,
            "When container specified swap memory, swappiness value is required.");
        foreach (var tmpfs in linux.Tmpfs ?? [])
        {
            Require(tmpfs.Size > 0, "Size of a tmpfs is invalid. The size is required and must be a positive integer.");
        }

        foreach (var device in linux.Devices ?? [])
        {
            foreach (var permission in device.Permissions ?? [])
            {
                Require(
                    Wire.DeviceCgroupPermission.Values.Contains(permission),
                    $"Invalid permission: {permission} for device {device.HostPath}");
            }
        }
    }

    private static void CheckLogConfiguration(Wire.LogConfiguration? log)
    {
        if (log?.LogDriver != AwslogsDriver)
        {
            return;
        }

        foreach (var option in log.Options?.Keys ?? [])
        {
            Require(AwslogsOptions.Contains(option), $"Log driver awslogs disallows options: {option}");
        }
    }

    /// <summary>API Reference, TaskContainerProperties.user: a user or a uid, and a group or a gid behind a colon.</summary>
    [GeneratedRegex(@"\A[a-z0-9_][a-z0-9_-]{0,30}(:[a-z0-9_][a-z0-9_-]{0,30})?\z", RegexOptions.NonBacktracking)]
    private static partial Regex UserPattern();

    [GeneratedRegex(@"\Aarn:aws[a-z\-]*:iam::[0-9]{12}:role/.+\z", RegexOptions.NonBacktracking)]
    private static partial Regex RolePattern();

    /// <summary>ECS API Reference, ContainerDefinition, name.</summary>
    [GeneratedRegex(@"\A[a-zA-Z0-9_\-]{1,255}\z", RegexOptions.NonBacktracking)]
    private static partial Regex ContainerNamePattern();
}
