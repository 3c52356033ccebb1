using System.Globalization;

namespace BatchEmulator.Core.Jobs;

/// <summary>
/// Private IPv4 addresses for what AWS shows with one where nothing here has it: derived from an ARN that ends in hexadecimal digits.
/// </summary>
internal static class PrivateAddress
{
    /// <returns>E.g. <c>10.4.61.200</c>, always the same for an ARN.</returns>
    public static string Of(string arn)
    {
        var octets = Octets(arn);
        return string.Create(CultureInfo.InvariantCulture, $"10.{octets[0]}.{octets[1]}.{octets[2]}");
    }

    /// <summary>
    /// The name that EC2 gives the host with that address (EC2 User Guide, "EC2 instance hostnames and domains"): in us-east-1 with a
    /// domain of its own.
    /// </summary>
    public static string HostName(string arn, string region)
    {
        var octets = Octets(arn);
        var domain = region == "us-east-1" ? "ec2.internal" : $"{region}.compute.internal";
        return string.Create(CultureInfo.InvariantCulture, $"ip-10-{octets[0]}-{octets[1]}-{octets[2]}.{domain}");
    }

    /// <summary>No network's or broadcast address: the last octet is from 1 to 254.</summary>
    private static byte[] Octets(string arn)
    {
        var octets = Convert.FromHexString(arn.AsSpan(arn.Length - 6));
        octets[2] = (byte)(1 + (octets[2] % 254));
        return octets;
    }
}
