namespace BatchEmulator.Core.Identity;

/// <summary>Whose resources a request sees: those of one account in one Region. Nothing is shared between two scopes.</summary>
/// <param name="Account">12 digits.</param>
/// <param name="Region">E.g. <c>us-east-1</c>.</param>
public readonly record struct Scope(string Account, string Region)
{
    /// <summary>The ARN partition that the Region belongs to.</summary>
    public string Partition =>
        Region.StartsWith("cn-", StringComparison.Ordinal) ? "aws-cn"
        : Region.StartsWith("us-gov-", StringComparison.Ordinal) ? "aws-us-gov"
        : "aws";

    public override string ToString() => $"{Account}/{Region}";
}
