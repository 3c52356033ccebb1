namespace BatchEmulator.Core.Identity;

/// <summary>One account in one Region, whose resources a request can access. Two scopes share nothing.</summary>
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
