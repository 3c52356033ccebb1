using System.Globalization;

namespace BatchEmulator.Core.Jobs;

/// <summary>
/// Private IPv4 addresses that AWS shows and that do not exist here: derived from an ARN that ends in hexadecimal digits.
/// </summary>
internal static class PrivateAddress
{
    /// <returns>The address, e.g. <c>10.4.61.200</c>, always the same for an ARN.</returns>
    public static string Of(string arn)
    {
        var octets = Octets(arn);
        return string.Create(CultureInfo.InvariantCulture, $"10.{octets[0]}.{octets[1]}.{octets[2]}");
    }

    /// <summary>
    /// Returns EC2's name for the host with that address (EC2 User Guide, "EC2 instance hostnames and domains"): us-east-1 has a separate
    /// domain.
    /// </summary>
    public static string HostName(string arn, string region)
    {
        var octets = Octets(arn);
        var domain = region == "us-east-1" ? "ec2.internal" : $"{region}.compute.internal";
        return string.Create(CultureInfo.InvariantCulture, $"ip-10-{octets[0]}-{octets[1]}-{octets[2]}.{domain}");
    }

    /// <summary>Excludes addresses of networks and broadcasts: the last octet is from 1 to 254.</summary>
    private static byte[] Octets(string arn)
    {
        var octets = Convert.FromHexString(arn.AsSpan(arn.Length - 6));
        octets[2] = (byte)(1 + (octets[2] % 254));
        return octets;
    }
}
