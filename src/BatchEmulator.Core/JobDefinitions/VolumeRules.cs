using System.Text.RegularExpressions;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.JobDefinitions;

/// <summary>Validates volumes; messages are AWS's (API Reference, Volume and EFSVolumeConfiguration).</summary>
internal static partial class VolumeRules
{
    public static void Check(Wire.ContainerProperties container)
    {
        foreach (var volume in container.Volumes ?? [])
        {
            Check(volume);
            Require(
                volume.S3filesVolumeConfiguration is null || !string.IsNullOrEmpty(container.JobRoleArn),
                "A jobRoleArn/taskRoleArn is required when using s3filesVolumeConfiguration.");
        }
    }

    private static void Check(Wire.Volume volume)
    {
        Require(string.IsNullOrEmpty(volume.Name) || NamePattern().IsMatch(volume.Name), OpenTexts.VolumeName);
        var configurations = (volume.Host?.SourcePath is null ? 0 : 1)
            + (volume.EfsVolumeConfiguration is null ? 0 : 1)
            + (volume.S3filesVolumeConfiguration is null ? 0 : 1);
        Require(configurations <= 1, "When the volume parameter is specified, only one volume configuration type should be used.");
        if (volume.EfsVolumeConfiguration is not { } efs)
        {
            return;
        }

        Require(FileSystemPattern().IsMatch(efs.FileSystemId!), $"EFS configuration fileSystemId is not valid: {efs.FileSystemId}.");
        var isEncrypted = efs.TransitEncryption == Wire.EFSTransitEncryption.Enabled;
        var authorization = efs.AuthorizationConfig;
        Require(
            authorization?.Iam != Wire.EFSAuthorizationConfigIAM.Enabled || isEncrypted,
            "EFS IAM authorization requires TransitEncryption to be enabled.");
        Require(
            string.IsNullOrEmpty(authorization?.AccessPointId) || isEncrypted,
            "EFS IAM access point requires TransitEncryption to be enabled.");
        Require(
            string.IsNullOrEmpty(authorization?.AccessPointId) || efs.RootDirectory is null or "" or "/",
            "When using an EFS access point, the root directory must either be set to \"/\" or omitted");
        Require(efs.TransitEncryptionPort is null or (>= 1 and <= 65535), "TransitEncryptionPort must be a valid port number.");
    }

    /// <summary>API Reference, Volume, name.</summary>
    [GeneratedRegex(@"\A[a-zA-Z0-9_\-]{1,255}\z", RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\Afs-[0-9a-f]{8,40}\z", RegexOptions.NonBacktracking)]
    private static partial Regex FileSystemPattern();
}
