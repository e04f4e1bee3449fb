// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractItemModel>

#include <algorithm>
#include <functional>
#include <iterator>
#include <unordered_map>
#include <vector>

namespace widgets {

/// What applyRowChanges tells the model, so that views keep selection, scroll and expansion.
struct RowSignals
{
    std::function<void(int first, int last)> beginInsert;
    std::function<void()> endInsert;
    std::function<void(int first, int last)> beginRemove;
    std::function<void()> endRemove;
    std::function<void(int from, int to)> beginMove; ///< to: as beginMoveRows wants it
    std::function<void()> endMove;
};

/// Turns rows into target by removals (in ranges), moves and insertions (in ranges); never a reset.
/// keyOf gives a row's identity, unique and hashable. Rows that stay are left as they are; the
/// caller compares and replaces them afterwards. make builds a new row from a target.
template<class Row, class Target, class Hash, class KeyOfRow, class KeyOfTarget, class Make>
void applyRowChanges(std::vector<Row>& rows, const std::vector<Target>& target, Hash hash,
                     KeyOfRow keyOfRow, KeyOfTarget keyOfTarget, Make make,
                     const RowSignals& announce)
{
    using Key = std::decay_t<decltype(keyOfTarget(target.front()))>;
    std::unordered_map<Key, int, Hash> wanted(target.size() * 2 + 1, hash);
    for (std::size_t i = 0; i < target.size(); ++i)
        wanted.emplace(keyOfTarget(target[i]), int(i));

    for (int last = int(rows.size()) - 1; last >= 0;) {
        auto goes = [&](int row) { return !wanted.contains(keyOfRow(rows[std::size_t(row)])); };
        if (!goes(last)) {
            --last;
            continue;
        }
        int first = last;
        while (first > 0 && goes(first - 1))
            --first;
        announce.beginRemove(first, last);
        rows.erase(rows.begin() + first, rows.begin() + last + 1);
        announce.endRemove();
        last = first - 1;
    }

    std::unordered_map<Key, bool, Hash> present(rows.size() * 2 + 1, hash);
    for (const Row& row : rows)
        present.emplace(keyOfRow(row), true);
    for (int position = 0; position < int(target.size()); ++position) {
        const Key key = keyOfTarget(target[std::size_t(position)]);
        if (position < int(rows.size()) && keyOfRow(rows[std::size_t(position)]) == key)
            continue;
        if (present.contains(key)) {
            const auto found = std::find_if(rows.begin() + position, rows.end(),
                                            [&](const Row& row) { return keyOfRow(row) == key; });
            if (found != rows.end()) {
                announce.beginMove(int(found - rows.begin()), position);
                std::rotate(rows.begin() + position, found, found + 1);
                announce.endMove();
                continue;
            } // else the target has the key twice: one more row
        }
        int end = position + 1;
        while (end < int(target.size()) && !present.contains(keyOfTarget(target[std::size_t(end)])))
            ++end;
        announce.beginInsert(position, end - 1);
        std::vector<Row> added;
        added.reserve(std::size_t(end - position));
        for (int i = position; i < end; ++i)
            added.push_back(make(target[std::size_t(i)]));
        rows.insert(rows.begin() + position, std::make_move_iterator(added.begin()),
                    std::make_move_iterator(added.end()));
        announce.endInsert();
        position = end - 1;
    }
}

} // namespace widgets
