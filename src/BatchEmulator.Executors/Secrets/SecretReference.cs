namespace BatchEmulator.Executors.Secrets;

/// <summary>Reference to a secret's value, from <c>valueFrom</c> (API Reference, Secret).</summary>
internal abstract record SecretReference
{
    private const int PartsOfArn = 7;

    /// <summary>Region of the ARN; null without one.</summary>
    public string? Region { get; init; }

    /// <summary>
    /// Parses a <c>valueFrom</c>: an ARN of Secrets Manager, an ARN of the Parameter Store, or the name of a parameter. Null for any other
    /// ARN.
    /// </summary>
    public static SecretReference? Parse(string valueFrom)
    {
        var parts = valueFrom.Split(':');
        if (parts is not ["arn", _, var service, var region, ..])
        {
            return new StoredParameter(valueFrom);
        }

        SecretReference? reference = service switch
        {
            "secretsmanager" => new ManagedSecret(
                string.Join(':', parts.Take(PartsOfArn)),
                Part(parts, PartsOfArn),
                Part(parts, PartsOfArn + 1),
                Part(parts, PartsOfArn + 2)),
            "ssm" => new StoredParameter(NameOf(parts[^1])),
            _ => null,
        };
        return reference is null ? null : reference with { Region = region.Length == 0 ? null : region };
    }

    /// <summary>Returns the name as the ECS agent reads it: within a hierarchy, the name of a parameter begins with a slash.</summary>
    private static string NameOf(string resource)
    {
        var name = resource.StartsWith("parameter/", StringComparison.Ordinal) ? resource["parameter/".Length..] : resource;
        return name.Contains('/', StringComparison.Ordinal) ? $"/{name}" : name;
    }

    private static string? Part(string[] parts, int index) => parts.Length > index && parts[index].Length > 0 ? parts[index] : null;
}

/// <summary>A secret of Secrets Manager, or one member of a secret that is a JSON object.</summary>
internal sealed record ManagedSecret(string SecretId, string? JsonKey, string? VersionStage, string? VersionId) : SecretReference;

/// <summary>A parameter of Systems Manager's Parameter Store.</summary>
internal sealed record StoredParameter(string Name) : SecretReference;
