using System.Collections.Frozen;
using BatchEmulator.Hosting.Logs.Operations;
using Model = BatchEmulator.Contract.Logs.Operations;

namespace BatchEmulator.Hosting.Logs;

/// <summary>The operations of CloudWatch Logs that are served.</summary>
internal static class LogsOperations
{
    public static readonly IReadOnlyList<LogsHandler> All =
    [
        LogsHandler.For(Model.CreateLogGroup, CreateLogGroup.AnswerAsync),
        LogsHandler.For(Model.DeleteLogGroup, DeleteLogGroup.AnswerAsync),
        LogsHandler.For(Model.DescribeLogGroups, DescribeLogGroups.AnswerAsync),
        LogsHandler.For(Model.PutRetentionPolicy, RetentionPolicy.PutAsync),
        LogsHandler.For(Model.DeleteRetentionPolicy, RetentionPolicy.DeleteAsync),
        LogsHandler.For(Model.TagResource, ResourceTags.TagAsync),
        LogsHandler.For(Model.UntagResource, ResourceTags.UntagAsync),
        LogsHandler.For(Model.ListTagsForResource, ResourceTags.ListAsync),
        LogsHandler.For(Model.CreateLogStream, CreateLogStream.AnswerAsync),
        LogsHandler.For(Model.DeleteLogStream, DeleteLogStream.AnswerAsync),
        LogsHandler.For(Model.DescribeLogStreams, DescribeLogStreams.AnswerAsync),
        LogsHandler.For(Model.PutLogEvents, PutLogEvents.AnswerAsync),
        LogsHandler.For(Model.GetLogEvents, GetLogEvents.AnswerAsync),
        LogsHandler.For(Model.FilterLogEvents, FilterLogEvents.AnswerAsync),
    ];

    private static readonly FrozenDictionary<string, LogsHandler> ByTarget =
        All.ToFrozenDictionary(handler => handler.Operation.Route, StringComparer.Ordinal);

    /// <param name="target">The header <c>X-Amz-Target</c>.</param>
    /// <returns>The operation; null if there is none.</returns>
    public static LogsHandler? Find(string target) => ByTarget.GetValueOrDefault(target);
}
