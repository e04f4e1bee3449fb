// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <utility>

namespace gitops {

/// Guards callbacks of work under way: once their owner is gone, or renew() was called, they do
/// nothing. For owners that live on one strand and whose callbacks run there.
class Alive
{
public:
    template<class Function>
    auto guard(Function function) const
    {
        return [token = std::weak_ptr<int>(m_token),
                function = std::move(function)](auto&&... arguments) mutable {
            if (!token.expired())
                function(std::forward<decltype(arguments)>(arguments)...);
        };
    }
    /// The same of a question: what it answers once nobody is there to say.
    template<class Answer, class Function>
    auto ask(Answer gone, Function function) const
    {
        return [token = std::weak_ptr<int>(m_token), gone = std::move(gone),
                function = std::move(function)]() -> Answer {
            return token.expired() ? gone : function();
        };
    }
    void renew() { m_token = std::make_shared<int>(0); }

private:
    std::shared_ptr<int> m_token = std::make_shared<int>(0);
};

} // namespace gitops
