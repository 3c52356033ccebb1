using System.Collections.Immutable;
using System.Text;

namespace BatchEmulator.Core.Storage.Logs.Memory;

/// <summary>Changes copies of the committed state. A group or stream is copied once, when it is first changed.</summary>
internal sealed class MemoryLogTransaction(StoredLogs committed, DateTimeOffset now) : ILogTransaction
{
    private readonly long _now = now.ToUnixTimeMilliseconds();
    private readonly Dictionary<LogGroupKey, StoredGroup> _changedGroups = [];

    /// <summary>Changed streams. They are not in the listing by the latest event until the end, since their places change.</summary>
    private readonly Dictionary<LogStreamKey, (StoredGroup Group, StoredStream Stream)> _changedStreams = [];
    private ImmutableSortedSet<StoredGroup> _groups = committed.Groups;
    private long _sequence = committed.LastSequence;

    public LogGroup? FindGroup(LogGroupKey group) => Find(group)?.ToGroup();

    public LogStream? FindStream(LogStreamKey stream) => Find(stream.Group)?.FindStream(stream.Name)?.ToStream();

    public IReadOnlyDictionary<string, string>? FindTags(LogGroupKey group) => Find(group)?.Tags;

    public bool AddGroup(LogGroupKey group, LogGroupSettings settings)
    {
        if (Find(group) is not null)
        {
            return false;
        }

        AddNew(group, settings);
        return true;
    }

    public bool RemoveGroup(LogGroupKey group)
    {
        if (Find(group) is not { } found)
        {
            return false;
        }

        _groups = _groups.Remove(found);
        _changedGroups.Remove(group);
        foreach (var stream in _changedStreams.Keys.Where(stream => stream.Group == group).ToList())
        {
            _changedStreams.Remove(stream);
        }

        return true;
    }

    public bool SetRetention(LogGroupKey group, int? days)
    {
        if (Change(group) is not { } changed)
        {
            return false;
        }

        changed.RetentionInDays = days;
        return true;
    }

    public bool PatchTags(LogGroupKey group, IReadOnlyDictionary<string, string?> patch)
    {
        if (Change(group) is not { } changed)
        {
            return false;
        }

        foreach (var (key, value) in patch)
        {
            changed.Tags = value is null ? changed.Tags.Remove(key) : changed.Tags.SetItem(key, value);
        }

        return true;
    }

    public bool AddStream(LogStreamKey stream)
    {
        if (_changedStreams.ContainsKey(stream) || Find(stream.Group)?.FindStream(stream.Name) is not null)
        {
            return false;
        }

        AddNew(Change(stream.Group) ?? AddNew(stream.Group, LogGroupSettings.Default), stream);
        return true;
    }

    public bool RemoveStream(LogStreamKey stream)
    {
        if (Find(stream.Group)?.FindStream(stream.Name) is not { } found)
        {
            return false;
        }

        var group = Change(stream.Group)!;
        group.Streams = group.Streams.Remove(found);
        if (!_changedStreams.Remove(stream))
        {
            group.StreamsByLastEvent = group.StreamsByLastEvent.Remove(found);
        }

        if (!found.Events.IsEmpty)
        {
            group.Removed = group.Removed.Enqueue(found.Events);
        }

        return true;
    }

    public void AppendLine(LogStreamKey stream, LogLine line)
    {
        var (group, changed) = Change(stream) ?? AddNew(Change(stream.Group) ?? AddNew(stream.Group, LogGroupSettings.Default), stream);
        changed.Lines += line.Lines;
        changed.LastLineAt = Math.Max(changed.LastLineAt, line.At);
        if (line.Text.Length > 0)
        {
            Add(group, changed, changed.LastLineAt, line.Text);
        }
    }

    public bool AddEvents(LogStreamKey stream, IReadOnlyList<NewLogEvent> events)
    {
        if (Change(stream) is not var (group, changed))
        {
            return false;
        }

        foreach (var item in events)
        {
            Add(group, changed, item.At, item.Message);
        }

        return true;
    }

    public void RemoveAll()
    {
        _groups = _groups.Clear();
        _changedGroups.Clear();
        _changedStreams.Clear();
    }

    public bool Purge(int limit)
    {
        foreach (var group in _groups)
        {
            var purge = new MemoryLogPurge(group, now);
            if (!purge.IsNeeded)
            {
                continue;
            }

            limit -= purge.Run(Change(group.Key)!, identity => Change(new LogStreamKey(group.Key, identity.Name))!.Value.Stream, limit);
            if (limit <= 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Completes the listings by the latest event.</summary>
    /// <returns>The state to publish. The transaction must not be used any more.</returns>
    public StoredLogs Complete()
    {
        foreach (var (group, stream) in _changedStreams.Values)
        {
            group.StreamsByLastEvent = group.StreamsByLastEvent.Add(stream);
        }

        return new(_groups, _sequence);
    }

    private StoredGroup? Find(LogGroupKey key) => StoredLogs.Find(_groups, key);

    private StoredGroup AddNew(LogGroupKey key, LogGroupSettings settings)
    {
        var group = new StoredGroup(key, _now, settings);
        _groups = _groups.Add(group);
        _changedGroups.Add(key, group);
        return group;
    }

    private (StoredGroup Group, StoredStream Stream) AddNew(StoredGroup group, LogStreamKey key)
    {
        var stream = new StoredStream(new StreamIdentity(key.Name), _now);
        group.Streams = group.Streams.Add(stream);
        _changedStreams.Add(key, (group, stream));
        return (group, stream);
    }

    private StoredGroup? Change(LogGroupKey key)
    {
        if (_changedGroups.TryGetValue(key, out var changed))
        {
            return changed;
        }

        if (Find(key) is not { } found)
        {
            return null;
        }

        var copy = found.Copy();
        _groups = _groups.Remove(found).Add(copy);
        _changedGroups.Add(key, copy);
        return copy;
    }

    private (StoredGroup Group, StoredStream Stream)? Change(LogStreamKey key)
    {
        if (_changedStreams.TryGetValue(key, out var changed))
        {
            return changed;
        }

        if (Find(key.Group)?.FindStream(key.Name) is not { } found)
        {
            return null;
        }

        var (group, copy) = (Change(key.Group)!, found.Copy());
        group.Streams = group.Streams.Remove(found).Add(copy);
        group.StreamsByLastEvent = group.StreamsByLastEvent.Remove(found);
        _changedStreams.Add(key, (group, copy));
        return (group, copy);
    }

    private void Add(StoredGroup group, StoredStream stream, long at, string message)
    {
        var item = new StoredEvent(new(at, ++_sequence), _now, Encoding.UTF8.GetBytes(message), stream.Identity);
        group.Events = group.Events.Add(item);
        group.StoredBytes += item.Size;
        stream.Events = stream.Events.Add(item);
        stream.FirstEventAt = Math.Min(stream.FirstEventAt ?? at, at);
        stream.LastEventAt = Math.Max(stream.LastEventAt ?? at, at);
        stream.LastIngestedAt = _now;
    }
}
