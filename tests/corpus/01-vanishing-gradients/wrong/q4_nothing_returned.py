# about: 노름을 출력만 하고 return하지 않는다
# question: q4
# hand: 90% Only one of two quantities is computed, and nothing is returned.
# loses: test_q4_delta_norms_match
# loses: test_q4_in_place_activation_does_not_matter
# loses: test_q4_leaves_the_buffers_as_they_were
# loses: test_q4_leaves_the_gradients_as_they_were
# loses: test_q4_leaves_the_model_unchanged
# loses: test_q4_measures_and_leaves_no_trace
# loses: test_q4_returns_one_vector_of_norms_for_each_key
# loses: test_q4_weight_norms_match
# loses: test_q4_works_for_any_form_of_mlp

# %% q4
import copy


def grad_norms(model, x, y):
    model = copy.deepcopy(model)
    linears = [m for m in model.modules() if isinstance(m, nn.Linear)]
    nn.functional.cross_entropy(model(x), y).backward()
    for m in linears:
        print(m.weight.grad.norm())
